import { readFileSync } from 'node:fs';
import { membersOf, parseSecret } from '../adapters/secrets/index.ts';
import { SettingsError } from './settings-error.ts';

/** What an account and a hook may be called. */
const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;

/**
 * Reads a JSON file of one object, whose members are read one by one.
 *
 * @param what the members, in the plural, for the error's text
 * @throws {SettingsError} with a line for every member that is wrong; `read` must throw errors that quote no secret
 */
export function readMembersFile<T>(
  { variable, file, what }: { variable: string; file: string; what: string },
  read: (name: string, value: unknown) => T,
): Map<string, T> {
  const wrong = (why: string) => `${variable}: ${file}: ${why}`;
  const members = membersOf(parseSecret(textOf(file, wrong)));
  if (members === undefined) throw new SettingsError([wrong(`must be a JSON object of ${what} by name`)]);
  const found = new Map<string, T>();
  const lines: string[] = [];
  for (const [name, value] of members) {
    try {
      if (!NAME.test(name)) throw new Error('its name must be of a-z, 0-9 and -, at most 63 of them.');
      found.set(name, read(name, value));
    } catch (error) {
      lines.push(wrong(`member ${JSON.stringify(name)}: ${(error as Error).message}`));
    }
  }
  if (lines.length > 0) throw new SettingsError(lines);
  return found;
}

function textOf(file: string, wrong: (why: string) => string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new SettingsError([wrong(`can't be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`)]);
  }
}
