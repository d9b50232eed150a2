/** Schedules of syncs, kept by EventBridge Scheduler. */
export { createEventBridgeSchedules } from './event-bridge.ts';
export type { ScheduledCall, Schedules } from './schedules.ts';
