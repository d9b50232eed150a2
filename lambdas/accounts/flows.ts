import { unknownCursor } from '../../core/model/cursor.ts';
import type { Document } from '../../core/model/resource.ts';
import { nameOf } from '../../core/model/resource.ts';
import type { Account } from '../../core/ports.ts';
import type { PageRequest } from '../http/query.ts';

/** A flow as one chooses it from a list. */
export interface FlowChoice {
  id: string;
  name: string;
  integrationId: string | null;
  integrationName: string | null;
  disabled: boolean;
}

/**
 * One page of an account's flows. They are ordered by id, so that pages hold together while flows come and go
 * between them; integrator.io's own order promises nothing.
 */
export async function flowsPage(
  account: Account,
  { limit, cursor }: PageRequest,
): Promise<{ flows: FlowChoice[]; next: string | null }> {
  const after = cursor === undefined ? '' : idOf(cursor);
  const [flows, integrations] = await Promise.all([
    all(account.list('flow', { include: ['name', '_integrationId', 'disabled'] })),
    all(account.list('integration', { include: ['name'] })),
  ]);
  const names = new Map(integrations.map((integration) => [integration._id, nameOf(integration)]));
  const rest = flows.filter((flow) => flow._id > after).sort((a, b) => (a._id < b._id ? -1 : 1));
  const page = rest.slice(0, limit);
  const last = rest.length > limit ? page.at(-1)?._id : undefined;
  return { flows: page.map((flow) => choice(flow, names)), next: last === undefined ? null : cursorOf(last) };
}

function choice(flow: Document, names: ReadonlyMap<string, string>): FlowChoice {
  const { _integrationId: integrationId } = flow;
  const owner = typeof integrationId === 'string' && integrationId !== '' ? integrationId : null;
  return {
    id: flow._id,
    name: nameOf(flow),
    integrationId: owner,
    integrationName: owner === null ? null : (names.get(owner) ?? null),
    disabled: flow['disabled'] === true,
  };
}

async function all(pages: AsyncIterable<readonly Document[]>): Promise<Document[]> {
  const documents: Document[] = [];
  for await (const page of pages) documents.push(...page);
  return documents;
}

function cursorOf(id: string): string {
  return Buffer.from(id).toString('base64url');
}

function idOf(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString();
  if (!/^[0-9a-f]{24}$/.test(id)) throw unknownCursor();
  return id;
}
