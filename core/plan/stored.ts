import { hashOf } from '../model/canonical.ts';
import type { JsonObject, ResourceType } from '../model/resource.ts';
import { comparable } from '../references/index.ts';

/**
 * Members that a client writes, of types that integrator.io stamps by itself long after they were written: flows
 * when they are woken and run, integrations when connections are registered.
 */
const WRITABLE: Partial<Record<ResourceType, readonly string[]>> = {
  flow: [
    'name',
    'description',
    'schedule',
    'timezone',
    'pageGenerators',
    'pageProcessors',
    'routers',
    'settings',
    'settingsForm',
    'preSave',
    'aliases',
    'overrides',
    'externalId',
    'skipRetries',
    'runPageGeneratorsInParallel',
    '_integrationId',
    '_flowGroupingId',
    '_exportId',
    '_importId',
    '_runNextFlowIds',
    '_runNextExportIds',
    '_keepDeltaBehindFlowId',
    '_keepDeltaBehindExportId',
  ],
  integration: ['name', 'description', 'aliases', 'settings', 'settingsForm', 'preSave', 'externalId'],
};

/** Hash of a copy as it is stored, to see later whether somebody added to it, see `LedgerRow.storedHash`. */
export function storedHashOf(type: ResourceType, document: JsonObject): string {
  const form = comparable(type, document);
  const names = WRITABLE[type];
  if (names === undefined) return hashOf(form);
  return hashOf(Object.fromEntries(names.map((name) => [name, form[name]])));
}
