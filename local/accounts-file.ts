import { type AccountSecret, checkAccountSecret } from '../adapters/secrets/index.ts';
import { readMembersFile } from './members-file.ts';

/**
 * Reads the file of accounts, `{"<name>": {"token", "region"?, "baseUrl"?}}`. Loopback addresses may do without TLS.
 *
 * @throws {SettingsError} with a line for every member that is wrong, none of which quotes a token
 */
export function readAccountsFile(variable: string, file: string): Map<string, AccountSecret> {
  return readMembersFile({ variable, file, what: 'accounts' }, (name, value) =>
    checkAccountSecret(name, value, { allowLoopbackHttp: true }),
  );
}
