/** An action that needs another; a soft need can be met later, by a second write. */
export interface Edge {
  from: number;
  to: number;
  soft: boolean;
}

export interface Order {
  /** Node indexes so that each comes after all it needs. */
  sequence: number[];
  /** For each node: what must be done before. */
  needs: number[][];
  /** For each node: what is written later. */
  late: number[][];
  /** Nodes that need each other by hard edges alone: no order exists for them. */
  stuck: number[][];
}

/**
 * How many soft needs in a row are met by waiting. A longer chain is cut: one more write costs less time than a
 * chain of flows, each waiting for the next.
 */
const LONGEST_SOFT_CHAIN = 4;

/**
 * Orders nodes by their needs and cuts as few soft needs as a simple rule can: only those that close a circle.
 *
 * Within a circle (a strongly connected component) an order is found depth first, if need be by the hard needs alone;
 * a soft need that points against it is cut, all others are kept. Nodes are taken in the order given, so that equal graphs give equal
 * results.
 */
export function orderByNeeds(count: number, edges: readonly Edge[]): Order {
  const outgoing: Edge[][] = Array.from({ length: count }, () => []);
  for (const edge of edges) outgoing[edge.from]?.push(edge);
  const component = components(count, outgoing);
  if (isAcyclic(count, edges, component)) return inOrder(count, outgoing, () => false, []);
  const inComponent = (edge: Edge): boolean => component[edge.from] === component[edge.to];

  const hard = sequenceOf(count, (node) => targets(outgoing[node], (edge) => !edge.soft));
  const any = sequenceOf(count, (node) => targets(outgoing[node], () => true));
  const [byHard, byAny] = [positions(hard.sequence), positions(any.sequence)];
  // Following every need cuts fewer, but may run against a hard one: such circles go by the hard ones alone.
  const unfit = new Set(
    edges.flatMap((edge) => {
      const fits = edge.soft || (byAny[edge.to] ?? 0) < (byAny[edge.from] ?? 0);
      return fits ? [] : [component[edge.from]];
    }),
  );
  const isCut = (edge: Edge): boolean => {
    if (!edge.soft || !inComponent(edge)) return false;
    const position = unfit.has(component[edge.from]) ? byHard : byAny;
    return (position[edge.to] ?? 0) >= (position[edge.from] ?? 0);
  };

  return inOrder(count, outgoing, isCut, hard.stuck);
}

/** Without a circle nothing need be cut: most plans are like that, and the way to what to cut is long. */
function isAcyclic(count: number, edges: readonly Edge[], component: Int32Array): boolean {
  const components = component.reduce((most, number) => Math.max(most, number + 1), 0);
  return components === count && edges.every(({ from, to }) => from !== to);
}

function inOrder(
  count: number,
  outgoing: readonly Edge[][],
  isCut: (edge: Edge) => boolean,
  stuck: number[][],
): Order {
  const { sequence } = sequenceOf(count, (node) => targets(outgoing[node], (edge) => !isCut(edge)));
  const depth = new Int32Array(count);
  const needs: number[][] = Array.from({ length: count }, () => []);
  const late: number[][] = Array.from({ length: count }, () => []);
  for (const node of sequence) {
    for (const edge of outgoing[node] ?? []) {
      const tooLong = edge.soft && (depth[edge.to] ?? 0) >= LONGEST_SOFT_CHAIN;
      if (isCut(edge) || tooLong) {
        late[node]?.push(edge.to);
        continue;
      }
      needs[node]?.push(edge.to);
      depth[node] = Math.max(depth[node] ?? 0, (depth[edge.to] ?? 0) + (edge.soft ? 1 : 0));
    }
  }
  return {
    sequence,
    needs: needs.map(unique),
    late: late.map((nodes, node) => unique(nodes).filter((other) => !needs[node]?.includes(other))),
    stuck,
  };
}

function positions(sequence: readonly number[]): Int32Array {
  const position = new Int32Array(sequence.length);
  sequence.forEach((node, index) => {
    position[node] = index;
  });
  return position;
}

function targets(edges: readonly Edge[] | undefined, keep: (edge: Edge) => boolean): number[] {
  return (edges ?? []).filter(keep).map((edge) => edge.to);
}

function unique(nodes: number[]): number[] {
  return [...new Set(nodes)].sort((a, b) => a - b);
}

/** Depth first, needs before the needy; without recursion, since chains may be long. */
function sequenceOf(
  count: number,
  needsOf: (node: number) => number[],
): { sequence: number[]; stuck: number[][] } {
  const sequence: number[] = [];
  const stuck: number[][] = [];
  const state = new Uint8Array(count); // 0 untouched, 1 open, 2 done
  for (let root = 0; root < count; root += 1) {
    if (state[root] !== 0) continue;
    const stack: { node: number; rest: number[] }[] = [{ node: root, rest: needsOf(root) }];
    state[root] = 1;
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const next = top.rest.shift();
      if (next === undefined) {
        state[top.node] = 2;
        sequence.push(top.node);
        stack.pop();
      } else if (state[next] === 0) {
        state[next] = 1;
        stack.push({ node: next, rest: needsOf(next) });
      } else if (state[next] === 1) {
        stuck.push(stack.slice(stack.findIndex(({ node }) => node === next)).map(({ node }) => node));
      }
    }
  }
  return { sequence, stuck };
}

/** Strongly connected components by Tarjan's algorithm, without recursion: the component number of each node. */
function components(count: number, outgoing: readonly Edge[][]): Int32Array {
  const component = new Int32Array(count).fill(-1);
  const index = new Int32Array(count).fill(-1);
  const low = new Int32Array(count);
  const onStack = new Uint8Array(count);
  const open: number[] = [];
  let counter = 0;
  let found = 0;
  for (let root = 0; root < count; root += 1) {
    if (index[root] !== -1) continue;
    const work: { node: number; next: number }[] = [{ node: root, next: 0 }];
    for (let top = work.at(-1); top; top = work.at(-1)) {
      const { node } = top;
      if (top.next === 0) {
        index[node] = counter;
        low[node] = counter;
        counter += 1;
        open.push(node);
        onStack[node] = 1;
      }
      const edge = outgoing[node]?.[top.next];
      top.next += 1;
      if (edge) {
        if (index[edge.to] === -1) work.push({ node: edge.to, next: 0 });
        else if (onStack[edge.to] === 1) low[node] = Math.min(low[node] ?? 0, index[edge.to] ?? 0);
        continue;
      }
      work.pop();
      const parent = work.at(-1);
      if (parent) low[parent.node] = Math.min(low[parent.node] ?? 0, low[node] ?? 0);
      if (low[node] !== index[node]) continue;
      for (let member = open.pop(); member !== undefined; member = open.pop()) {
        onStack[member] = 0;
        component[member] = found;
        if (member === node) break;
      }
      found += 1;
    }
  }
  return component;
}
