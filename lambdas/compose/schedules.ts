import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { createEventBridgeSchedules } from '../../adapters/schedules/event-bridge.ts';
import type { Schedules } from '../../adapters/schedules/schedules.ts';
import type { Environment } from '../environment.ts';
import { requestHandler } from './basics.ts';

/** Schedules by EventBridge Scheduler; `undefined` where a deployment has none. */
export function schedulesOf(environment: Environment): Schedules | undefined {
  const {
    FLOWFERRY_SCHEDULE_GROUP: groupName,
    FLOWFERRY_SCHEDULE_FUNCTION_ARN: functionArn,
    FLOWFERRY_SCHEDULE_ROLE_ARN: roleArn,
    FLOWFERRY_SCHEDULE_DEAD_LETTERS_ARN: deadLetterArn,
  } = environment;
  if (groupName === undefined || functionArn === undefined || roleArn === undefined) return undefined;
  const client = new SchedulerClient({ requestHandler });
  return createEventBridgeSchedules({ client, groupName, functionArn, roleArn, deadLetterArn });
}
