/** What happened, told to others through EventBridge. */
export { createEventBus, createEventLog, EVENT_SOURCE } from './event-bus.ts';
export { EVENT_VERSION, type Events, type EventType } from './events.ts';
