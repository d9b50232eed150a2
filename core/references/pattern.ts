/** One step of a path pattern. */
type Segment =
  | { kind: 'name'; name: string }
  | { kind: 'prefix'; prefix: string }
  | { kind: 'any' }
  | { kind: 'deep' }
  | { kind: 'items' };

/** Reads a path of the table: `a.b[].c`, `*` for any member, `**` for any depth, `pre*` for a beginning. */
export function parsePattern(path: string): readonly Segment[] {
  return path.split('.').flatMap((part): Segment[] => {
    const items = part.endsWith('[]');
    const name = items ? part.slice(0, -2) : part;
    return items ? [segment(name), { kind: 'items' }] : [segment(name)];
  });
}

function segment(name: string): Segment {
  if (name === '**') return { kind: 'deep' };
  if (name === '*') return { kind: 'any' };
  return name.endsWith('*') ? { kind: 'prefix', prefix: name.slice(0, -1) } : { kind: 'name', name };
}

/** A place in a document, as far as patterns tell places apart: what is accepted here, and where one gets from here. */
export interface Place<T> {
  /** The values of the patterns that end here, in the order they were given. */
  readonly accepted: readonly T[];
  /** The place of a member. */
  member(name: string): Place<T>;
  /** The place of an array element. */
  element(): Place<T>;
}

interface Compiled<T> {
  readonly patterns: readonly { segments: readonly Segment[]; value: T }[];
  readonly names: ReadonlySet<string>;
  readonly prefixes: readonly string[];
  readonly places: Map<string, Place<T>>;
}

/** A position within a pattern: the pattern's index times this, plus the index of the segment to match next. */
const STRIDE = 64;

/**
 * Compiles patterns into one automaton, so that a walk costs one table look-up per member however many patterns
 * there are. Places are made when a walk first gets to them; names that no pattern mentions share one place, so
 * their number is bounded by the patterns, not by the documents.
 */
export function compile<T>(entries: readonly { path: string; value: T }[]): Place<T> {
  const patterns = entries.map(({ path, value }) => ({ segments: parsePattern(path), value }));
  const segments = patterns.flatMap((pattern) => pattern.segments);
  const compiled: Compiled<T> = {
    patterns,
    names: new Set(segments.flatMap((part) => (part.kind === 'name' ? [part.name] : []))),
    prefixes: segments.flatMap((part) => (part.kind === 'prefix' ? [part.prefix] : [])),
    places: new Map(),
  };
  return placeAt(
    compiled,
    patterns.map((_, index) => index * STRIDE),
  );
}

/** The place for a set of positions; equal sets give the same place. */
function placeAt<T>(compiled: Compiled<T>, positions: readonly number[]): Place<T> {
  const all = new Set<number>();
  for (const position of positions) {
    all.add(position);
    // Any depth includes none at all: what follows `**` may match at once.
    if (segmentAt(compiled, position)?.kind === 'deep') all.add(position + 1);
  }
  const sorted = [...all].sort((a, b) => a - b);
  const signature = sorted.join();
  let place = compiled.places.get(signature);
  if (place === undefined) {
    place = makePlace(compiled, sorted);
    compiled.places.set(signature, place);
  }
  return place;
}

function makePlace<T>(compiled: Compiled<T>, positions: readonly number[]): Place<T> {
  const named = new Map<string, Place<T>>();
  const begun = new Map<string, Place<T>>();
  let unnamed: Place<T> | undefined;
  let element: Place<T> | undefined;
  return {
    accepted: positions.flatMap((position) => {
      const pattern = compiled.patterns[Math.floor(position / STRIDE)];
      return pattern !== undefined && position % STRIDE === pattern.segments.length ? [pattern.value] : [];
    }),
    member(name) {
      const known = named.get(name);
      if (known !== undefined) return known;
      if (compiled.names.has(name)) {
        const next = placeAt(compiled, step(compiled, positions, name));
        named.set(name, next);
        return next;
      }
      // Names with the same beginnings lead to the same place.
      let signature = '';
      for (const prefix of compiled.prefixes) if (name.startsWith(prefix)) signature += `${prefix},`;
      if (signature !== '') {
        const next = begun.get(signature) ?? placeAt(compiled, step(compiled, positions, name));
        begun.set(signature, next);
        return next;
      }
      unnamed ??= placeAt(compiled, step(compiled, positions, name));
      return unnamed;
    },
    element() {
      element ??= placeAt(compiled, step(compiled, positions, undefined));
      return element;
    },
  };
}

/** Where a member of this name, or an array element (`undefined`), leads from these positions. */
function step<T>(compiled: Compiled<T>, positions: readonly number[], name: string | undefined): number[] {
  return positions.flatMap((position) => {
    const part = segmentAt(compiled, position);
    if (part === undefined) return [];
    if (part.kind === 'deep') return [position];
    return matches(part, name) ? [position + 1] : [];
  });
}

function matches(part: Exclude<Segment, { kind: 'deep' }>, name: string | undefined): boolean {
  if (name === undefined) return part.kind === 'items';
  switch (part.kind) {
    case 'name':
      return part.name === name;
    case 'prefix':
      return name.startsWith(part.prefix);
    case 'any':
      return true;
    case 'items':
      return false;
  }
}

function segmentAt<T>(compiled: Compiled<T>, position: number): Segment | undefined {
  return compiled.patterns[Math.floor(position / STRIDE)]?.segments[position % STRIDE];
}
