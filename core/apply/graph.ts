/** Tasks and what each needs done before; indexes are positions in `needs`. */
export interface TaskGraph {
  needs: readonly (readonly number[])[];
  isDone: (task: number) => boolean;
  run: (task: number) => Promise<void>;
}

/** How a walk over a graph ended. */
export interface GraphResult {
  /** Everything is done. */
  finished: boolean;
  errors: unknown[];
}

/**
 * Runs every task as soon as what it needs is done: no barrier stands between the types. After an error, or when
 * `shouldStop` says so, nothing new is begun and what is under way is waited for.
 *
 * @param limit how many tasks are open at once
 */
export async function runGraph(
  graph: TaskGraph,
  limit: number,
  shouldStop: () => boolean,
): Promise<GraphResult> {
  const count = graph.needs.length;
  const waiting = new Int32Array(count);
  const dependents: number[][] = Array.from({ length: count }, () => []);
  const ready: number[] = [];
  let left = 0;
  for (let task = 0; task < count; task += 1) {
    if (graph.isDone(task)) continue;
    left += 1;
    for (const need of graph.needs[task] ?? []) {
      if (graph.isDone(need)) continue;
      waiting[task] = (waiting[task] ?? 0) + 1;
      dependents[need]?.push(task);
    }
    if (waiting[task] === 0) ready.push(task);
  }
  const errors: unknown[] = [];
  if (left === 0) return { finished: true, errors };

  await new Promise<void>((resolve) => {
    let open = 0;
    let next = 0;
    const settle = (): void => {
      while (open < limit && next < ready.length && errors.length === 0 && !shouldStop()) {
        const task = ready[next] ?? 0;
        next += 1;
        open += 1;
        graph.run(task).then(
          () => finish(task),
          (error: unknown) => {
            errors.push(error);
            open -= 1;
            settle();
          },
        );
      }
      if (open === 0) resolve();
    };
    const finish = (task: number): void => {
      open -= 1;
      left -= 1;
      for (const dependent of dependents[task] ?? []) {
        waiting[dependent] = (waiting[dependent] ?? 1) - 1;
        if (waiting[dependent] === 0) ready.push(dependent);
      }
      settle();
    };
    settle();
  });
  return { finished: left === 0, errors };
}
