import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { createEventBridgeSchedules } from '../../adapters/schedules/event-bridge.ts';
import type { Schedules } from '../../adapters/schedules/schedules.ts';
import { requestHandler } from './basics.ts';

/** Schedules by EventBridge Scheduler, over a client of their own. */
export function scheduling(target: {
  groupName: string;
  functionArn: string;
  roleArn: string;
  deadLetterArn: string | undefined;
}): Schedules {
  return createEventBridgeSchedules({ client: new SchedulerClient({ requestHandler }), ...target });
}
