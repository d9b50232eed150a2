import type { CloneState } from '../../core/model/clone.ts';
import type { Problem } from '../../core/model/problem.ts';
import { expectThat } from './expect.ts';
import { documentsOf, type ServiceClient } from './http.ts';
import { actionRows, blockerRows, cost, flowRows, idRows, runRows, wrongRows } from './rows.ts';
import { wrapped } from './table.ts';

/** What the demo is told with. */
export interface Stage {
  service: ServiceClient;
  sandboxUrl: string;
  /** A heading. */
  chapter(title: string): void;
  say(...lines: string[]): void;
}

interface ProblemDocument {
  code: string;
  title: string;
  detail: string;
  errors: Problem[];
}

export interface ListedFlow {
  id: string;
  name: string;
  integrationName: string;
  disabled: boolean;
}

/** The order in the order that grows from chapter to chapter. */
type Order = Record<string, unknown>;

/** The accounts that the key may use. */
export async function showAccounts({ service, chapter, say }: Stage): Promise<void> {
  chapter('The accounts this key may use');
  const { status, body } = await service.get<{ accounts: { account: string; region: string }[] }>(
    '/accounts',
  );
  const names = body.accounts.map(({ account }) => account);
  expectThat(status === 200 && names.join() === 'acme,blueprint', 'the accounts acme and blueprint');
  for (const { account, region } of body.accounts) say(`  ${account} (${region})`);
}

/** What can be cloned; answers the ids. */
export async function showFlows({ service, chapter, say }: Stage): Promise<string[]> {
  chapter('The flows of blueprint');
  const { status, body } = await service.get<{ flows: ListedFlow[] }>('/accounts/blueprint/flows');
  expectThat(status === 200 && body.flows.length === 2, 'two flows in blueprint');
  say(...flowRows(body.flows));
  return body.flows.map(({ id }) => id);
}

/** A request with mistakes is told all of them. */
export async function showWrongRequest({ service, chapter, say }: Stage): Promise<void> {
  chapter('A wrong request is told everything that is wrong with it');
  const { status, body } = await service.post<ProblemDocument>('/clone', {
    source: { account: 'blueprint', flowIds: ['55ea78c6'] },
    target: { acount: 'acme' },
    onFailure: 'panic',
    dryRun: 'yes',
  });
  expectThat(status === 422 && body.code === 'invalid_request', 'a 422 invalid_request');
  expectThat(body.errors.length >= 4, 'every wrong field to be listed');
  say(`  ${status} ${body.code}: ${body.detail}`, '', ...wrongRows(body.errors));
}

/** A plan that can't be carried out names all that is in the way; answers a map made of its suggestions. */
export async function showBlockedPlan(
  { service, chapter, say }: Stage,
  order: Order,
): Promise<Record<string, string>> {
  chapter('Connections are never copied: a plan without a map for them is blocked, and nothing is written');
  const { status, body } = await service.post<ProblemDocument>('/clone', { ...order, dryRun: true });
  expectThat(status === 422 && body.code === 'plan_blocked', 'a 422 plan_blocked');
  expectThat(body.errors.length === 5, 'one blocker for each of the five connections');
  say(`  ${status} ${body.code}: ${body.detail}`, '', ...blockerRows(body.errors));
  const map: Record<string, string> = {};
  for (const { sourceId, candidates } of body.errors) {
    const best = candidates?.[0]?.id;
    expectThat(sourceId !== undefined && best !== undefined, 'a suggestion for every connection');
    map[sourceId] = best;
  }
  return map;
}

/** The plan, which stores and writes nothing. */
export async function showPlan(stage: Stage, order: Order): Promise<void> {
  const { service, sandboxUrl, chapter, say } = stage;
  chapter('The plan (a dry run, with each connection mapped to the one suggested first)');
  const before = await documentsOf(sandboxUrl, ACME_TOKEN);
  const { status, body } = await service.post<CloneState>('/clone', { ...order, dryRun: true });
  expectThat(
    status === 200 && body.status === 'planned' && body.cloneId === undefined,
    'a plan and no clone',
  );
  expectThat((await documentsOf(sandboxUrl, ACME_TOKEN)).join() === before.join(), 'nothing to be written');
  say(...actionRows(body), '', ...cost(body), ...warnings(body));
}

/** The clone itself, with its flows enabled and run. */
export async function showClone({ service, chapter, say }: Stage, order: Order): Promise<CloneState> {
  chapter('The clone, its flows enabled and run at the end');
  const { status, body } = await service.post<CloneState>('/clone', { ...order, activate: true, run: true });
  expectThat(status === 201 && body.status === 'succeeded', 'the clone to succeed');
  expectThat(body.actions?.every((action) => action.status === 'done') === true, 'every action to be done');
  say(`  ${status} ${body.status}, clone ${body.cloneId}`, '', ...actionRows(body));

  chapter('The jobs of the run');
  const flows = body.flows ?? [];
  expectThat(flows.length === 2 && flows.every(({ disabled }) => !disabled), 'both copies to be enabled');
  expectThat(
    flows.every(({ run }) => run?.status === 'completed'),
    'both jobs to be completed',
  );
  say(...runRows(flows));
  return body;
}

/** Which id became which, connections included. */
export function showIdMap({ chapter, say }: Stage, { idMap = {}, actions = [] }: CloneState): void {
  chapter('The id map');
  expectThat(Object.keys(idMap).length === actions.length, 'an entry for every resource of the closure');
  say(...idRows(idMap));
}

/** The same order once more. */
export async function showSecondCall(stage: Stage, order: Order): Promise<void> {
  const { service, sandboxUrl, chapter, say } = stage;
  chapter('The same call again');
  const before = await documentsOf(sandboxUrl, ACME_TOKEN);
  const { status, body } = await service.post<CloneState>('/clone', { ...order, activate: true });
  const after = await documentsOf(sandboxUrl, ACME_TOKEN);
  const counts = body.plan?.counts;
  expectThat(status === 201 && counts?.create === 0 && counts.update === 0, 'nothing to create or update');
  expectThat(after.join() === before.join(), 'every document of acme to be as it was');
  say(
    `  ${status} ${body.status}: nothing to do, 0 writes`,
    `  ${counts.unchanged} unchanged, ${counts.reuse} reused, 0 created, 0 updated;`,
    `  all ${after.length} documents of acme have the time of change they had before.`,
  );
}

const ACME_TOKEN = 'sandbox-acme-token';

function warnings({ warnings }: CloneState): string[] {
  return warnings.flatMap(({ code, message }) => ['', ...wrapped(`warning ${code}: ${message}`)]);
}
