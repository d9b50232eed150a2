import type { WorkerStarter } from '../../core/ports.ts';
import { type EnvironmentWith, readEnvironment, type Variables } from '../environment.ts';
import { lazily } from './lazily.ts';

type StarterEnvironment = EnvironmentWith<'FLOWFERRY_TABLE'>;

/** The environment of a function that uses the table and starts workers, by whichever of two ways there is. */
export function readStarterEnvironment(variables: Variables): StarterEnvironment {
  return readEnvironment(variables, [
    'FLOWFERRY_TABLE',
    variables['FLOWFERRY_WORKER_QUEUE_URL'] === undefined
      ? 'FLOWFERRY_WORKER_FUNCTION'
      : 'FLOWFERRY_WORKER_QUEUE_URL',
  ]);
}

/** Starts workers. A function that starts none never loads the client that would. */
export function starterOf(environment: StarterEnvironment): WorkerStarter {
  const { FLOWFERRY_WORKER_QUEUE_URL: queueUrl, FLOWFERRY_WORKER_FUNCTION: functionName = '' } = environment;
  return queueUrl === undefined
    ? durableStarterOf(environment, functionName)
    : lazyStarter(async () => (await import('./queue-starter.ts')).queueStarter({ queueUrl }));
}

/** Starts a durable function. */
export function durableStarterOf(
  { FLOWFERRY_WORKER_QUALIFIER: qualifier }: StarterEnvironment,
  functionName: string,
): WorkerStarter {
  return lazyStarter(async () =>
    (await import('./durable-starter.ts')).durableStarter({ functionName, qualifier }),
  );
}

function lazyStarter(make: () => Promise<WorkerStarter>): WorkerStarter {
  const starter = lazily(make);
  return { start: async (cloneId, attempt) => (await starter()).start(cloneId, attempt) };
}
