import type { Account } from './account.ts';
import { type Document, isNothing, objectsAt } from './documents.ts';
import { fail } from './errors.ts';
import { jobDocument } from './jobs.ts';

/**
 * Jobs by query, newest first, at most 1,001.
 * @throws {ApiError} 400 `invalid_query` when nothing narrows the question down
 */
export function listJobs(account: Account, query: URLSearchParams): Document[] {
  const type = query.get('type');
  const childMode = type === 'export' || type === 'import';
  const narrowing = childMode
    ? ['_flowJobId', '_exportId', '_importId']
    : ['_integrationId', '_flowId', '_exportId', '_importId', '_flowJobId', 'createdAt_gte', 'createdAt_lte'];
  if (!narrowing.some((name) => !isNothing(query.get(name)))) {
    throw fail(400, 'invalid_query', `Please provide one of ${narrowing.join(', ')}.`);
  }
  const found: Document[] = [];
  // Retries are jobs of their own in integrator.io; here there are none.
  if (type === 'retry' || type === 'bulk_retry') return found;
  for (const job of [...account.jobs.values()].reverse()) {
    const document = jobDocument(job, childMode);
    if (!within(document, query)) continue;
    if (childMode) {
      for (const child of objectsAt(document, 'children')) {
        if (child['type'] === type && equal(child, query, ['_exportId', '_importId']))
          found.push(child as Document);
      }
    } else if (equal(document, query, ['_integrationId', '_flowId', 'status'])) found.push(document);
    if (found.length >= 1001) break;
  }
  return found.slice(0, 1001);
}

function equal(document: object, query: URLSearchParams, names: readonly string[]): boolean {
  return names.every((name) => {
    const wanted = query.get(name);
    return isNothing(wanted) || (document as Record<string, unknown>)[name] === wanted;
  });
}

function within(document: Document, query: URLSearchParams): boolean {
  const createdAt = Date.parse(String(document['createdAt']));
  const from = readTime(query.get('createdAt_gte'));
  const to = readTime(query.get('createdAt_lte'));
  const jobId = query.get('_flowJobId');
  return (
    createdAt >= (from ?? createdAt) && createdAt <= (to ?? createdAt) && (!jobId || jobId === document._id)
  );
}

function readTime(text: string | null): number | undefined {
  if (isNothing(text)) return undefined;
  const time = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  if (Number.isNaN(time)) throw fail(400, 'invalid_query', `Not a time: ${text}`);
  return time;
}
