/** Control characters, by which a name from outside could write elsewhere on a terminal, and all that breaks lines. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g;

/** A text from outside, fit to stand within a line. */
export function clean(text: string): string {
  return text.replaceAll(CONTROL, ' ');
}

/** `1 flow`, `2 flows`. */
export function counted(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}

/** Lines as text, each ended. */
export function lines(all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join('');
}
