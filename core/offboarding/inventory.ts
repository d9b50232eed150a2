import { TIERS } from '../apply/tiers.ts';
import type { ClonePorts } from '../clone/contract.ts';
import type { Plan, PlannedAction } from '../plan/plan.ts';
import type { LedgerRow, Pair } from '../ports.ts';

/** Part of the clone that says which pairs are given up, and which of them each action belongs to. */
const PAIRS_PART = 'offboarding';

/** All that the ledger says we made in an account, in the order in which it can be removed. */
export interface Inventory {
  /** Removals as creates that are to be undone: whoever can tell of a clone can tell of them. */
  plan: Plan;
  pairs: readonly Pair[];
  /** Index of each action's pair. */
  pairOf: readonly number[];
}

const EMPTY: Omit<Plan, 'actions' | 'counts' | 'fingerprint'> = {
  cost: { source: { calls: 0 }, target: { calls: 0 }, seconds: 0 },
  blockers: [],
  warnings: [],
  flows: [],
  registrations: [],
  groups: {},
};

/** The inventory as it was when the offboarding began; taken now where it begins now. */
export async function inventoryOf(
  ports: ClonePorts,
  cloneId: string,
  pairs: readonly Pair[],
): Promise<Inventory> {
  const [stored, assigned] = await Promise.all([
    ports.clones.getPart<{ plan: Plan }>(cloneId, 'plan'),
    ports.clones.getPart<Omit<Inventory, 'plan'>>(cloneId, PAIRS_PART),
  ]);
  if (stored !== undefined && assigned !== undefined) return { plan: stored.plan, ...assigned };
  const inventory = await takeInventory(ports, cloneId, pairs);
  const { plan, ...rest } = inventory;
  await ports.clones.putPart(cloneId, PAIRS_PART, rest);
  await ports.clones.putPart(cloneId, 'plan', { plan, parts: 0 });
  return inventory;
}

async function takeInventory(
  { ledger }: ClonePorts,
  cloneId: string,
  pairs: readonly Pair[],
): Promise<Inventory> {
  const rows: { row: LedgerRow; pair: number }[] = [];
  for (const [pair, accounts] of pairs.entries()) {
    for await (const page of ledger.allRows(accounts)) rows.push(...page.map((row) => ({ row, pair })));
  }
  const tierOf = ({ row }: { row: LedgerRow }) => TIERS.findIndex((tier) => tier.includes(row.type));
  rows.sort((one, other) => tierOf(one) - tierOf(other));
  const actions = rows.map(({ row }) => actionOf(row));
  const create = actions.filter(({ action }) => action === 'create').length;
  const counts = { create, update: 0, reuse: actions.length - create, unchanged: 0 };
  const plan: Plan = { ...EMPTY, fingerprint: `offboarding-${cloneId}`, counts, actions };
  return { plan, pairs, pairOf: rows.map(({ pair }) => pair) };
}

/** What was only taken over stays where it is. */
function actionOf({ type, sourceId, targetId, name, made }: LedgerRow): PlannedAction {
  return { action: made ? 'create' : 'reuse', type, sourceId, targetId, name, needs: [], late: [] };
}
