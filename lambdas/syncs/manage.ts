import { codeOf, type Problem } from '../../core/model/problem.ts';
import { definitionIn, type SyncBody, type SyncDefinition, syncName } from '../../core/model/sync.ts';
import { memoryOf } from '../../core/sync/names.ts';
import { type Call, callerOf, type Reply } from '../http/call.ts';
import { mayUse } from '../http/permission.ts';
import { ProblemError } from '../http/problem.ts';
import { pageOf } from '../http/query.ts';
import { json } from '../http/reply.ts';
import { syncAnswer } from './answers.ts';
import type { SyncsPorts } from './ports.ts';
import { maySeeSync, visibleSync } from './visible.ts';

/** Accounts looked up at once. */
const LOOK_SHARE = 0.1;

/** Stores a sync, and has it called at its times. */
export async function putSync(ports: SyncsPorts, call: Call): Promise<Reply> {
  const name = call.event.pathParameters?.['sync'] ?? '';
  if (!syncName.safeParse(name).success) {
    const message = 'must be 1 to 63 characters of a-z, 0-9 and -, not starting with -';
    throw invalid({ code: 'invalid_request', message, path: '/path/sync' });
  }
  const definition = definitionIn(call.input as SyncBody);
  checkKey(call, definition);
  const there = await ports.syncs.get(name);
  if (there !== undefined && !maySeeSync(callerOf(call), there)) {
    throw new ProblemError(
      'account_forbidden',
      'There is a sync of this name over accounts the key may not use.',
    );
  }
  await checkExistence(ports, definition);
  if (definition.schedule !== undefined && ports.schedules === undefined) {
    const message = 'can not be kept: nothing calls syncs at their times here';
    throw invalid({ code: 'invalid_request', message, path: '/schedule' });
  }
  const now = new Date(ports.clock.now()).toISOString();
  const { sync, isNew } = await ports.syncs.put({ name, definition }, now);
  const { schedule: expression, timezone } = definition;
  if (expression === undefined) await ports.schedules?.remove(name);
  else await ports.schedules?.put(name, { expression, timezone });
  call.log.info('sync put', { sync: name, isNew, byKey: callerOf(call).id });
  return json(isNew ? 201 : 200, syncAnswer(callerOf(call), sync));
}

export async function getSync(ports: SyncsPorts, call: Call): Promise<Reply> {
  return json(200, syncAnswer(callerOf(call), await visibleSync(ports, call)));
}

/** A page may hold fewer syncs than asked for: those with accounts the key may not use are left out of it. */
export async function listSyncs(ports: SyncsPorts, call: Call): Promise<Reply> {
  const { syncs, next } = await ports.syncs.list(pageOf(call.event, 50));
  const key = callerOf(call);
  const seen = syncs.filter((sync) => maySeeSync(key, sync));
  return json(200, { syncs: seen.map((sync) => syncAnswer(key, sync)), next });
}

/** The schedule first: what is left over of a deletion that was cut off calls nobody. Copies stay as they are. */
export async function deleteSync(ports: SyncsPorts, call: Call): Promise<Reply> {
  const { name } = await visibleSync(ports, call);
  await ports.schedules?.remove(name);
  await ports.syncs.remove(name);
  await ports.clones.remove(memoryOf(name));
  call.log.info('sync deleted', { sync: name, byKey: callerOf(call).id });
  return { statusCode: 204 };
}

function accountsOf({ source, targets }: SyncDefinition): { account: string; path: string }[] {
  return [
    { account: source.account, path: '/source/account' },
    ...targets.map(({ account }, index) => ({ account, path: `/targets/${index}/account` })),
  ];
}

function checkKey(call: Call, definition: SyncDefinition): void {
  const problems = accountsOf(definition)
    .filter(({ account }) => !mayUse(callerOf(call), account))
    .map(({ account, path }) => ({
      code: 'account_forbidden',
      message: `The key may not use the account "${account}".`,
      path,
    }));
  if (problems.length === 0) return;
  throw new ProblemError('account_forbidden', 'The key may not use every account of the sync.', { problems });
}

/** No call to integrator.io: whether it takes the tokens, the first run finds out. */
async function checkExistence({ accounts }: SyncsPorts, definition: SyncDefinition): Promise<void> {
  const found = await Promise.all(
    accountsOf(definition).map(async ({ account, path }): Promise<Problem[]> => {
      try {
        await accounts.open(account, { rateShare: LOOK_SHARE });
        return [];
      } catch (error) {
        if (codeOf(error) !== 'account_not_found') throw error;
        return [{ code: 'account_not_found', message: `There is no account "${account}".`, path }];
      }
    }),
  );
  const problems = found.flat();
  if (problems.length === 0) return;
  throw new ProblemError('account_not_found', 'Not every account of the sync exists.', { problems });
}

function invalid(problem: Problem): ProblemError {
  return new ProblemError('invalid_request', 'One field is wrong.', { problems: [problem] });
}
