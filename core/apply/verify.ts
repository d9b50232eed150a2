import { FlowferryError } from '../model/problem.ts';
import type { Document, JsonObject } from '../model/resource.ts';
import { differences } from '../plan/compare.ts';
import { leftovers } from '../references/index.ts';
import type { ApplyContext } from './context.ts';
import { untilThere } from './fresh.ts';

/**
 * Compares what integrator.io says it stored with what was meant, and looks once more for ids of the source.
 * The whole document in an answer counts as read back; an answer that is not whole is fetched.
 *
 * Throws `verification_failed`, which keeps a clone from being woken.
 *
 * @returns the document as stored.
 */
export async function verifyStored(
  context: ApplyContext,
  index: number,
  answer: Document,
  meant: JsonObject,
): Promise<Document> {
  const { type, name, sourceId } = context.work.action(index);
  let stored: Document | undefined = answer;
  let found = compare(context, index, answer, meant);
  if (found.wrong.length > 0) {
    // What an answer lacks may be there all the same.
    stored = await untilThere(context.clock, () => context.account.get(type, answer._id));
    if (stored === undefined) {
      throw new FlowferryError(
        'verification_failed',
        `The copy of ${type} "${name}" is not there after it was written.`,
      );
    }
    found = compare(context, index, stored, meant);
  }
  const { left, wrong } = found;
  if (wrong.length === 0) return stored;
  throw new FlowferryError(
    'verification_failed',
    `The copy ${stored._id} of ${type} "${name}" is not what was sent, at ${wrong.slice(0, 5).join(', ')}.`,
    {
      problems: wrong.map((path) => ({
        code: 'verification_failed',
        message: left.includes(path)
          ? 'an id of the source account is still there'
          : 'differs from what was sent',
        type,
        sourceId,
        path,
      })),
    },
  );
}

function compare(
  { work }: ApplyContext,
  index: number,
  stored: Document,
  meant: JsonObject,
): { left: string[]; wrong: string[] } {
  const { type, groupsOnly } = work.action(index);
  // Of an integration that is not ours nothing but groups was written.
  const left = groupsOnly ? [] : leftovers(type, stored, work.sourceIds).map(({ pointer }) => pointer);
  return { left, wrong: [...new Set([...left, ...differences(type, stored, meant)])] };
}
