import { parseHook } from '../adapters/webhooks/index.ts';
import { readMembersFile } from './members-file.ts';

/**
 * Reads the file of hooks, `{"<hook>": {...}}`, each as its secret would hold it.
 *
 * @throws {SettingsError} with a line for every hook that is wrong, none of which quotes a secret
 */
export function readHooksFile(variable: string, file: string): Map<string, unknown> {
  return readMembersFile({ variable, file, what: 'hooks' }, (name, value) => {
    parseHook(name, value);
    return value;
  });
}
