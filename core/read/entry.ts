import { hashOf } from '../model/canonical.ts';
import { type Document, type JsonObject, nameOf, type ResourceType } from '../model/resource.ts';
import { forCreate, type Reference, surveyOf, type TextId } from '../references/index.ts';
import { type Facts, factsOf } from './facts.ts';

/**
 * One resource of the closure as the plan sees it. The document rests as bytes: a snapshot of tens of thousands
 * of parsed documents would be mostly garbage for the collector.
 */
export interface Entry {
  type: ResourceType;
  id: string;
  name: string;
  /** SHA-256 of the stripped document, whatever the order of its members, and whether a flow is enabled or not. */
  hash: string;
  /** `lastModified` as the source answered it. */
  modified: string | undefined;
  /** The stripped document as JSON. */
  bytes: Uint8Array;
  references: readonly Reference[];
  textIds: readonly TextId[];
  /** Places that hold ids of the connected system, such as saved searches. */
  foreignIds: readonly { pointer: string; what: string }[];
  facts: Facts;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Strips a document of what belongs to its account and takes down what it refers to. */
export function entryOf(type: ResourceType, document: Document, options: { copySampleData: boolean }): Entry {
  const stripped = forCreate(type, document, options);
  return {
    type,
    id: document._id,
    name: nameOf(document),
    hash: hashOf(withoutState(type, stripped)),
    modified: typeof document['lastModified'] === 'string' ? document['lastModified'] : undefined,
    bytes: encoder.encode(JSON.stringify(stripped)),
    ...surveyOf(type, stripped),
    facts: factsOf(type, document),
  };
}

/** Whether a flow is enabled is each account's own, so that a change of it is no reason to write the copy. */
function withoutState(type: ResourceType, document: JsonObject): JsonObject {
  return type === 'flow' ? { ...document, disabled: undefined } : document;
}

/** The stripped document of an entry. */
export function documentOf(entry: { bytes: Uint8Array }): JsonObject {
  return JSON.parse(decoder.decode(entry.bytes)) as JsonObject;
}
