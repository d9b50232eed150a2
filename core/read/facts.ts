import type { Document, Json, JsonObject, ResourceType } from '../model/resource.ts';
import { samplePaths, WEBHOOK_SECRETS } from '../references/index.ts';

/**
 * What a plan must know of a resource beside its references, taken once when it is read, so that the document
 * itself can rest as bytes.
 */
export interface Facts {
  disabled?: boolean;
  /** Belongs to an integration app (`_connectorId`): only its publisher may change it. */
  managed?: boolean;
  adaptorType?: string;
  connectionType?: string;
  /** A flow that has both `pageProcessors` and `routers`, which integrator.io refuses. */
  bothShapes?: boolean;
  /** A flow others are instances of: it can't be run. */
  abstract?: boolean;
  /** An export that continues where its last run ended. */
  delta?: boolean;
  /** An export that receives at an address of its own. */
  webhook?: boolean;
  /** JSON Pointers of the secrets that verify the senders of such an export. */
  webhookSecrets?: string[];
  /** A step that lives partly inside NetSuite or Salesforce. */
  distributed?: boolean;
  /** JSON Pointers of the fields that hold customers' records. */
  samples?: string[];
  /** Flow groups of an integration: id and name. */
  groups?: { id: string; name: string }[];
  /** Connections registered on an integration. */
  registered?: string[];
}

/** integrator.io's name for the integration that holds flows which belong to none. */
export const STANDALONE = 'Standalone flows';

/** Takes the facts from a document as integrator.io answered it. */
export function factsOf(type: ResourceType, document: Document): Facts {
  const facts: Facts = {};
  if (typeof document['_connectorId'] === 'string' && document['_connectorId'] !== '') facts.managed = true;
  const samples = samplePaths(document);
  if (samples.length > 0) facts.samples = samples;
  if (type === 'flow') flowFacts(facts, document);
  if (type === 'export' || type === 'import') stepFacts(facts, document);
  if (type === 'export') webhookFacts(facts, document['webhook']);
  if (type === 'connection' && typeof document['type'] === 'string') facts.connectionType = document['type'];
  if (type === 'integration') integrationFacts(facts, document);
  return facts;
}

function flowFacts(facts: Facts, document: Document): void {
  facts.disabled = document['disabled'] === true;
  if (document['isAbstract'] === true) facts.abstract = true;
  if (hasContent(document['pageProcessors']) && hasContent(document['routers'])) facts.bothShapes = true;
}

function stepFacts(facts: Facts, document: Document): void {
  if (typeof document['adaptorType'] === 'string') facts.adaptorType = document['adaptorType'];
  if (document['type'] === 'delta') facts.delta = true;
  if (document['type'] === 'webhook' || isObject(document['webhook'])) facts.webhook = true;
  if (document['type'] === 'distributed' || facts.adaptorType === 'NetSuiteDistributedImport') {
    facts.distributed = true;
  }
}

function webhookFacts(facts: Facts, webhook: Json | undefined): void {
  if (!isObject(webhook)) return;
  const secrets = WEBHOOK_SECRETS.filter((name) => hasContent(webhook[name]));
  if (secrets.length > 0) facts.webhookSecrets = secrets.map((name) => `/webhook/${name}`);
}

function integrationFacts(facts: Facts, document: Document): void {
  facts.groups = objects(document['flowGroupings']).flatMap((group) =>
    typeof group['_id'] === 'string' ? [{ id: group['_id'], name: String(group['name'] ?? '') }] : [],
  );
  const registered = document['_registeredConnectionIds'];
  facts.registered = Array.isArray(registered)
    ? registered.filter((id): id is string => typeof id === 'string')
    : [];
}

function objects(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasContent(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === '') return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}
