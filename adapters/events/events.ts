import type { JsonObject } from '../../core/model/resource.ts';

/** What can happen that others may want to know; names and shapes are documented for consumers. */
export type EventType =
  | 'Clone Succeeded'
  | 'Clone Failed'
  | 'Clone Waiting'
  | 'Sync Completed'
  | 'Drift Detected'
  | 'Account Unauthorized';

/** Tells the world outside what happened. */
export interface Events {
  /** Taken over once it resolves. `detail` holds ids, names and codes: no documents, no secrets. */
  put(type: EventType, detail: JsonObject): Promise<void>;
}

/** The version of every event's shape. It changes only when a member goes or changes its meaning. */
export const EVENT_VERSION = '1';

/** What every event names as its source. */
export const EVENT_SOURCE = 'flowferry';
