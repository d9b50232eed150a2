import {
  ConflictException,
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  ResourceNotFoundException,
  type SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import type { Schedules } from './schedules.ts';

/** A call that found nobody is tried again for as long: the next is due soon enough. */
const RETRY_SECONDS = 600;
const RETRIES = 5;

/**
 * One schedule of EventBridge Scheduler for each sync, in a group of their own, named after the sync. It calls a
 * function with the sync's name and the time it was due, which is at least once.
 */
export function createEventBridgeSchedules({
  client,
  groupName,
  functionArn,
  roleArn,
  deadLetterArn,
}: {
  client: SchedulerClient;
  groupName: string;
  functionArn: string;
  /** What the scheduler calls the function as. */
  roleArn: string;
  deadLetterArn?: string | undefined;
}): Schedules {
  return {
    async put(sync, { expression, timezone = 'UTC' }) {
      const input: CreateScheduleCommandInput = {
        Name: sync,
        GroupName: groupName,
        ScheduleExpression: expression,
        ScheduleExpressionTimezone: timezone,
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: {
          Arn: functionArn,
          RoleArn: roleArn,
          Input: JSON.stringify({ sync, time: '<aws.scheduler.scheduled-time>' }),
          RetryPolicy: { MaximumEventAgeInSeconds: RETRY_SECONDS, MaximumRetryAttempts: RETRIES },
          ...(deadLetterArn === undefined ? {} : { DeadLetterConfig: { Arn: deadLetterArn } }),
        },
      };
      try {
        await client.send(new UpdateScheduleCommand(input));
      } catch (error) {
        if (!(error instanceof ResourceNotFoundException)) throw error;
        try {
          await client.send(new CreateScheduleCommand(input));
        } catch (conflict) {
          // Somebody made it since: what it says is decided by whoever puts it last.
          if (!(conflict instanceof ConflictException)) throw conflict;
          await client.send(new UpdateScheduleCommand(input));
        }
      }
    },

    async remove(sync) {
      try {
        await client.send(new DeleteScheduleCommand({ Name: sync, GroupName: groupName }));
      } catch (error) {
        if (!(error instanceof ResourceNotFoundException)) throw error;
      }
    },
  };
}
