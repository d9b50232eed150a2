import type { Json } from '../model/resource.ts';
import { valueMark } from './disputes.ts';
import { equal, identical } from './equal.ts';
import { kindOf, logApplied, logConflict, logKept, type MergeLog } from './log.ts';
import type { Context, Place, Sides } from './place.ts';

/** Merges one value that has no parts to tell apart, or is there on one side only. */
export function mergeWhole(context: Context, log: MergeLog, place: Place, sides: Sides): Json | undefined {
  const { base, source, target } = sides;
  // Of values that mean the same, the way of writing that is new; the target's, where both are.
  if (equal(source, target)) return identical(base, target) ? source : target;
  if (equal(base, target)) {
    logApplied(log, place.pointer, kindOf(target, source));
    return source;
  }
  const settled = context.disputed[place.key];
  const mark = valueMark(target);
  if (equal(base, source) && (settled === undefined || settled === mark)) {
    logKept(log, place.pointer, kindOf(base, target));
    if (settled !== undefined) log.disputed.push([place.key, mark]);
    return target;
  }
  const kinds = { taken: kindOf(target, source), kept: kindOf(base, target) };
  if (logConflict(log, context, place.pointer, kinds) === 'source') return source;
  log.disputed.push([place.key, mark]);
  return target;
}

/** The target's value, whatever the source says. */
export function keepOwn(log: MergeLog, place: Place, { source, target }: Sides): Json | undefined {
  if (!equal(source, target)) logKept(log, place.pointer, kindOf(source, target));
  return target;
}
