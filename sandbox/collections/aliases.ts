import { type Fields, isNothing, objectsAt } from '../documents.ts';
import type { Problems } from '../errors.ts';

/** An alias needs a name, and within one document no two may share it. */
export function checkAliases(document: Fields, problems: Problems): void {
  const seen = new Set<unknown>();
  for (const [index, entry] of objectsAt(document, 'aliases').entries()) {
    const { alias } = entry;
    const field = `aliases[${index}].alias`;
    if (isNothing(alias)) problems.add('missing_required_field', 'Path `alias` is required.', field);
    else if (seen.has(alias)) problems.add('invalid_value', 'The alias is in use already.', field);
    seen.add(alias);
  }
}
