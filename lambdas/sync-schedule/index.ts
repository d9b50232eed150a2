import { composeSyncSchedule } from '../compose/sync-schedule.ts';
import { syncScheduleHandler } from './handler.ts';

export const handler = syncScheduleHandler(composeSyncSchedule(process.env));
