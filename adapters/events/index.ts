/** What happened, told to others through EventBridge. */
export { createEventBus, createEventLog } from './event-bus.ts';
export { EVENT_SOURCE, EVENT_VERSION, type Events, type EventType } from './events.ts';
