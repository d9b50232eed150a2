import { readFileSync } from 'node:fs';
import { type AccountSecret, checkAccountSecret, membersOf, parseSecret } from '../adapters/secrets/index.ts';
import { SettingsError } from './settings-error.ts';

/** What an account may be called. */
const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;

/**
 * Reads the file of accounts, `{"<name>": {"token", "region"?, "baseUrl"?}}`. Loopback addresses may do without TLS.
 *
 * @throws {SettingsError} with a line for every member that is wrong, none of which quotes a token
 */
export function readAccountsFile(variable: string, file: string): Map<string, AccountSecret> {
  const wrong = (why: string) => `${variable}: ${file}: ${why}`;
  const members = membersOf(parseSecret(read(file, wrong)));
  if (members === undefined) throw new SettingsError([wrong('must be a JSON object of accounts by name')]);
  const accounts = new Map<string, AccountSecret>();
  const lines: string[] = [];
  for (const [name, value] of members) {
    try {
      if (!NAME.test(name)) throw new Error('an account is named by a-z, 0-9 and -, at most 63 of them.');
      accounts.set(name, checkAccountSecret(name, value, { allowLoopbackHttp: true }));
    } catch (error) {
      lines.push(wrong(`member ${JSON.stringify(name)}: ${(error as Error).message}`));
    }
  }
  if (lines.length > 0) throw new SettingsError(lines);
  return accounts;
}

function read(file: string, wrong: (why: string) => string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new SettingsError([wrong(`can't be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`)]);
  }
}
