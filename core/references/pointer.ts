/** The way to a place in a document: member names and array indices. */
export type Path = readonly (string | number)[];

/** Writes a path as a JSON Pointer (RFC 6901); '' is the document itself. */
export function pointerOf(path: Path): string {
  let pointer = '';
  for (const part of path) {
    pointer += `/${typeof part === 'number' ? part : part.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  }
  return pointer;
}
