/** A benchmark whose result is wrong measures nothing. */
export function check(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}
