import type { ResourceType } from '../model/resource.ts';

/**
 * The adaptors integrator.io has, without the `Export` or `Import` they end with. A step of any other adaptor
 * is of a kind whose references nobody taught us, so that it is refused rather than copied half.
 */
const ADAPTORS: ReadonlySet<string> = new Set([
  'aiagent',
  'as2',
  'blob',
  'dynamodb',
  'file',
  'filesystem',
  'ftp',
  'graphql',
  'guardrail',
  'http',
  'jdbc',
  'mcp',
  'mongodb',
  'netsuite',
  'netsuitedistributed',
  'rdbms',
  'rest',
  's3',
  'salesforce',
  'simple',
  'tool',
  'topic',
  'van',
  'webhook',
  'wrapper',
  'xml',
]);

/** Whether steps of this adaptor can be cloned. A step that names none is old, and is taken as it is. */
export function isKnownAdaptor(type: ResourceType, adaptorType: string | undefined): boolean {
  if (adaptorType === undefined) return true;
  const suffix = type === 'export' ? 'export' : 'import';
  const lower = adaptorType.toLowerCase();
  return lower.endsWith(suffix) && ADAPTORS.has(lower.slice(0, -suffix.length));
}
