import { FlowferryError } from '../../core/model/problem.ts';
import {
  collectionOf,
  type Document,
  type JsonObject,
  type ResourceType,
} from '../../core/model/resource.ts';
import type { ListOptions, PatchOperation, WriteOptions } from '../../core/ports.ts';
import type { Body, Caller } from './caller.ts';
import { type CloneAnswer, normaliseCloneAnswer } from './clone-answer.ts';
import { IntegratorError } from './errors.ts';
import { type Pages, pagesOf } from './paging.ts';
import { isPatchRepeatable } from './patch.ts';
import { readDocument, readNothing, readObject } from './reading.ts';

/** What a collection needs of its client. */
export interface CollectionContext {
  caller: Caller;
  baseUrl: string;
  pageSize: number;
  cloneTimeoutMs: number;
}

export interface CollectionListOptions extends ListOptions {
  /** Further parameters of the query, such as `includeInstances` of flows. */
  query?: Readonly<Record<string, string>>;
}

/** The five basic calls, and PATCH, of one type's collection. */
export class Collection {
  readonly type: ResourceType;
  readonly path: string;
  protected readonly context: CollectionContext;

  constructor(type: ResourceType, context: CollectionContext) {
    this.type = type;
    this.path = `/v1/${collectionOf(type)}`;
    this.context = context;
  }

  /** The whole collection, page by page, in the server's order. An empty one gives no page. */
  pages(options: CollectionListOptions = {}): Pages {
    const { caller, baseUrl, pageSize } = this.context;
    return pagesOf(caller, baseUrl, `${this.path}?${listQuery(options, pageSize)}`);
  }

  /** The whole collection at once. */
  async list(options: CollectionListOptions = {}): Promise<Document[]> {
    const documents: Document[] = [];
    for await (const page of this.pages(options)) documents.push(...page);
    return documents;
  }

  /** `undefined` where there is none of this id. */
  async get(id: string): Promise<Document | undefined> {
    try {
      const path = this.pathOf(id);
      return (await this.context.caller.call({ method: 'get', path, repeatable: true, read: readDocument }))
        .value;
    } catch (error) {
      if (error instanceof IntegratorError && error.code === 'not_found') return undefined;
      throw error;
    }
  }

  /** POST; gives the stored document. `answer_lost` where it may have happened. */
  async create(body: JsonObject, { beforeSend }: WriteOptions = {}): Promise<Document> {
    const call = {
      method: 'post',
      path: this.path,
      body,
      repeatable: false,
      beforeSend,
      read: readDocument,
    } as const;
    return (await this.context.caller.call(call)).value;
  }

  /** PUT: replaces the whole document; gives it as it is stored. */
  async update(id: string, body: JsonObject, { beforeSend }: WriteOptions = {}): Promise<Document> {
    const call = {
      method: 'put',
      path: this.pathOf(id),
      body,
      repeatable: true,
      beforeSend,
      read: readDocument,
    } as const;
    return (await this.context.caller.call(call)).value;
  }

  /** PATCH by JSON Patch (RFC 6902), of which integrator.io takes few paths. */
  async patch(
    id: string,
    operations: readonly PatchOperation[],
    { beforeSend }: WriteOptions = {},
  ): Promise<void> {
    await this.context.caller.call({
      method: 'patch',
      path: this.pathOf(id),
      body: operations,
      repeatable: isPatchRepeatable(operations),
      beforeSend,
      read: readNothing,
    });
  }

  /** DELETE; `false` where it was gone before. */
  async delete(id: string, { beforeSend }: WriteOptions = {}): Promise<boolean> {
    try {
      const path = this.pathOf(id);
      await this.context.caller.call({
        method: 'delete',
        path,
        repeatable: true,
        beforeSend,
        read: readNothing,
      });
      return true;
    } catch (error) {
      if (error instanceof IntegratorError && error.code === 'not_found') return false;
      throw error;
    }
  }

  protected pathOf(id: string): string {
    return `${this.path}/${idSegment(id)}`;
  }
}

/** A collection whose objects integrator.io itself can clone, within one account. */
export class CloneableCollection extends Collection {
  /** POST `/{id}/clone`; gives what was made, in one shape. Takes up to six minutes. */
  async clone(id: string, body: JsonObject): Promise<CloneAnswer> {
    const { caller, cloneTimeoutMs } = this.context;
    const read = (answer: Body) =>
      answer.kind === 'json' ? normaliseCloneAnswer(this.type, answer.value) : undefined;
    const path = `${this.pathOf(id)}/clone`;
    const call = { method: 'post', path, body, repeatable: false, timeoutMs: cloneTimeoutMs, read } as const;
    return (await caller.call(call)).value;
  }
}

/** The Flow API: the basic calls, clone and run. */
export class FlowCollection extends CloneableCollection {
  /** POST `/{id}/run`: starts a flow that is enabled. The body may name `_exportIds` and `export` dates. */
  async run(
    id: string,
    body: JsonObject = {},
    { beforeSend }: WriteOptions = {},
  ): Promise<{ jobId: string }> {
    const path = `${this.pathOf(id)}/run`;
    const call = { method: 'post', path, body, repeatable: false, beforeSend, read: readJobId } as const;
    return (await this.context.caller.call(call)).value;
  }
}

/**
 * An id as a segment of a path. Only letters, digits, `-` and `_`: an empty one would turn a document's path into
 * its collection's.
 *
 * @throws {FlowferryError} `invalid_id`
 */
export function idSegment(id: string): string {
  if (!/^[\w-]+$/.test(id))
    throw new FlowferryError('invalid_id', 'an id of integrator.io can only hold letters and digits');
  return id;
}

function listQuery(options: CollectionListOptions, pageSize: number): string {
  const query = new URLSearchParams({ limit: String(pageSize), ...options.query }).toString();
  const include = options.include ?? [];
  if (include.length === 0) return query;
  const wrong = include.find((field) => !/^[A-Za-z0-9_.]+$/.test(field));
  if (wrong !== undefined) {
    throw new FlowferryError(
      'invalid_option',
      'a field to include can only hold letters, digits, dots and underscores',
    );
  }
  return `${query}&include=${include.join(',')}`;
}

function readJobId(body: Body): { jobId: string } | undefined {
  const value = readObject(body)?.['_jobId'];
  return typeof value === 'string' ? { jobId: value } : undefined;
}
