import type { PatchOperation } from '../../core/ports.ts';

/**
 * Whether a JSON Patch (RFC 6902) may be applied twice. Replacing may; adding and removing too where a member is
 * named, but not at a place of an array, where the second time would add or hit another element.
 */
export function isPatchRepeatable(operations: readonly PatchOperation[]): boolean {
  return operations.every(({ op, path }) => op === 'replace' || !/\/(-|\d+)$/.test(path));
}
