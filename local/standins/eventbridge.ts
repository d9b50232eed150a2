import { randomUUID } from 'node:crypto';
import { createAwsJsonServer, type Operation } from './aws-json.ts';
import { closeServer, listenOnLoopback, type Standin } from './server.ts';

/** An event as it was put on the bus. */
export interface PutEvent {
  source: string;
  type: string;
  /** The detail, parsed. */
  detail: unknown;
}

/** EventBridge's protocol on loopback: a bus that tells of each event and keeps none. */
export async function startEventBridge(onEvent: (event: PutEvent) => void): Promise<Standin> {
  const putEvents: Operation = (input) => {
    const entries = Array.isArray(input['Entries']) ? (input['Entries'] as Record<string, unknown>[]) : [];
    for (const entry of entries) {
      onEvent({
        source: String(entry['Source']),
        type: String(entry['DetailType']),
        detail: JSON.parse(String(entry['Detail'])),
      });
    }
    return { FailedEntryCount: 0, Entries: entries.map(() => ({ EventId: randomUUID() })) };
  };
  const server = createAwsJsonServer(new Map([['PutEvents', putEvents]]));
  const endpoint = await listenOnLoopback(server, 0);
  return { endpoint, close: () => closeServer(server) };
}
