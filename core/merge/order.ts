/** Who changed the order of the elements that both sides have. */
export type Moved = 'nobody' | 'source' | 'target' | 'both';

/**
 * Who moved elements, judged by those that both sides still have. Where these stand in the same order on both sides,
 * nobody did, or both did the same. Where the base does not tell, because it lacks the elements, both did.
 */
export function whoMoved(
  base: readonly string[],
  source: readonly string[],
  target: readonly string[],
): Moved {
  const targetHas = new Set(target);
  const common = source.filter((key) => targetHas.has(key));
  const commonSet = new Set(common);
  const commonInTarget = target.filter((key) => commonSet.has(key));
  if (sameOrder(common, commonInTarget)) return 'nobody';
  const baseHas = new Set(base);
  const known = (key: string): boolean => baseHas.has(key);
  const before = base.filter((key) => commonSet.has(key));
  const sourceStayed = sameOrder(common.filter(known), before);
  const targetStayed = sameOrder(commonInTarget.filter(known), before);
  if (sourceStayed === targetStayed) return 'both';
  return targetStayed ? 'source' : 'target';
}

/**
 * All elements of both: `leading`'s in its order, each of the others behind the one it stands behind in `following`.
 * Where both put something new into the same gap, neither run is torn apart, and the one whose first key is smaller
 * comes first: so the outcome does not depend on which side is called what.
 */
export function interleave(leading: readonly string[], following: readonly string[]): string[] {
  const followingHas = new Set(following);
  const leadingHas = new Set(leading);
  const [headRun, runsOfLeading] = runsBehind(leading, (key) => followingHas.has(key));
  const [otherHeadRun, runsOfFollowing] = runsBehind(following, (key) => leadingHas.has(key));
  const merged = joinRuns(headRun, otherHeadRun);
  for (const key of leading) {
    if (!followingHas.has(key)) continue;
    merged.push(key, ...joinRuns(runsOfLeading.get(key) ?? [], runsOfFollowing.get(key) ?? []));
  }
  return merged;
}

/** The runs of elements of one side alone: those at the head, and those behind each common one. */
function runsBehind(
  keys: readonly string[],
  isCommon: (key: string) => boolean,
): [head: string[], behind: Map<string, string[]>] {
  const head: string[] = [];
  const behind = new Map<string, string[]>();
  let run = head;
  for (const key of keys) {
    if (isCommon(key)) {
      run = [];
      behind.set(key, run);
    } else {
      run.push(key);
    }
  }
  return [head, behind];
}

function joinRuns(a: readonly string[], b: readonly string[]): string[] {
  const [firstOfA, firstOfB] = [a[0], b[0]];
  if (firstOfA === undefined || firstOfB === undefined || firstOfA < firstOfB) return [...a, ...b];
  return [...b, ...a];
}

function sameOrder(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((key, index) => key === b[index]);
}
