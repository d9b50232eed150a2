import type { Document, JsonObject, ResourceType } from '../model/resource.ts';
import { forUpdate, maskedPaths } from '../references/index.ts';

/** What the server writes itself, and refuses or ignores in a PUT. */
const SERVER_OWNED =
  /^(_id|_userId|createdAt|lastModified|_sourceId|_templateId|_connectorId|_registered\w*|__.*)$/;

/**
 * The body of a PUT that leaves an object of the target as it is: a PUT erases what it leaves out, so that also
 * what a copy would not be given stays in, such as how an integration was installed. Masked values alone go.
 */
export function asItIs(type: ResourceType, document: Document): JsonObject {
  const body = forUpdate(type, document, { copySampleData: true });
  for (const [name, value] of Object.entries(document)) {
    if (value === undefined || Object.hasOwn(body, name) || SERVER_OWNED.test(name)) continue;
    if (maskedPaths({ value }).length === 0) body[name] = value;
  }
  return body;
}
