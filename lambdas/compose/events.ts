import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { createEventBus, createEventLog } from '../../adapters/events/event-bus.ts';
import type { Events } from '../../adapters/events/events.ts';
import type { Log } from '../../core/ports.ts';
import type { Environment } from '../environment.ts';
import { requestHandler } from './basics.ts';

/** Where events go: the bus, or the log of a host that has none. */
export function eventsOf({ FLOWFERRY_EVENT_BUS: busName }: Environment, log: Log): Events {
  if (busName === undefined) return createEventLog(log);
  return createEventBus({ client: new EventBridgeClient({ requestHandler }), busName });
}
