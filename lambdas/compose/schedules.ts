import type { Schedules } from '../../adapters/schedules/schedules.ts';
import type { Environment } from '../environment.ts';
import { lazily } from './lazily.ts';

/** Schedules, loaded when the first is put or removed; `undefined` where a deployment has none. */
export function schedulesOf(environment: Environment): Schedules | undefined {
  const {
    FLOWFERRY_SCHEDULE_GROUP: groupName,
    FLOWFERRY_SCHEDULE_FUNCTION_ARN: functionArn,
    FLOWFERRY_SCHEDULE_ROLE_ARN: roleArn,
    FLOWFERRY_SCHEDULE_DEAD_LETTERS_ARN: deadLetterArn,
  } = environment;
  if (groupName === undefined || functionArn === undefined || roleArn === undefined) return undefined;
  const target = { groupName, functionArn, roleArn, deadLetterArn };
  const schedules = lazily(async () => (await import('./scheduling.ts')).scheduling(target));
  return {
    put: async (sync, schedule) => (await schedules()).put(sync, schedule),
    remove: async (sync) => (await schedules()).remove(sync),
  };
}
