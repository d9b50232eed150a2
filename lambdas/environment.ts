import * as z from 'zod/mini';
import { LOG_LEVELS } from './http/log.ts';
import { RETENTION_DAYS } from './retention.ts';

const wholeNumber = (min: number, max: number) =>
  z.pipe(
    z.string().check(z.regex(/^\d{1,9}$/, 'must be a whole number')),
    z.pipe(
      z.transform(Number),
      z.number().check(z.gte(min, `must be at least ${min}`), z.lte(max, `must be at most ${max}`)),
    ),
  );

const flag = z.pipe(
  z.enum(['true', 'false'], 'must be true or false'),
  z.transform((value) => value === 'true'),
);
const name = z.string('must be set').check(z.minLength(1, 'must be set'));

/** The environment variables of the deployed functions. Which of them must be set depends on the function. */
const schema = z.object({
  /** The DynamoDB table of ledger and clones. */
  FLOWFERRY_TABLE: z.optional(name),
  /** The worker's function, and the alias or version by which its executions are started. */
  FLOWFERRY_WORKER_FUNCTION: z.optional(name),
  FLOWFERRY_WORKER_QUALIFIER: z._default(name, 'live'),
  /** The queue that drives the worker where it is no durable function. */
  FLOWFERRY_WORKER_QUEUE_URL: z.optional(z.url('must be an address')),
  /** Set by Lambda itself: how the worker, which can't be told its own name, starts itself anew. */
  AWS_LAMBDA_FUNCTION_NAME: z.optional(name),
  /** Who lets callers in: we, by their API keys, or API Gateway, by IAM or a JWT; and the claim that names them. */
  FLOWFERRY_AUTH: z._default(z.enum(['api-keys', 'iam', 'jwt'], 'must be api-keys, iam or jwt'), 'api-keys'),
  FLOWFERRY_JWT_CLAIM: z._default(name, 'sub'),
  /** How long `POST /clone` waits, in ms: below the 30 seconds that API Gateway waits for us. */
  FLOWFERRY_SYNC_WAIT_MS: z._default(wholeNumber(0, 28_000), 20_000),
  FLOWFERRY_IDEMPOTENCY_DAYS: z._default(wholeNumber(1, 365), RETENTION_DAYS.idempotencyKeys),
  /** How long clones, their plans and before-images are kept after their end. */
  FLOWFERRY_CLONE_DAYS: z._default(wholeNumber(1, 3650), RETENTION_DAYS.clones),
  /** A running clone whose worker was silent for this long may be resumed. */
  FLOWFERRY_STALL_SECONDS: z._default(wholeNumber(1, 86_400), 300),
  /** How long an account's secret is believed before it is read again. */
  FLOWFERRY_SECRET_TTL_SECONDS: z._default(wholeNumber(0, 86_400), 300),
  /** How long one step of the worker works before it checks in, in ms. */
  FLOWFERRY_STEP_MS: z._default(wholeNumber(1_000, 300_000), 60_000),
  /**
   * `shared`: this process leases its calls to integrator.io from buckets in the table, with whoever else works on
   * the same accounts. `own`: it is the only one, and needs no more than its own model of them.
   */
  FLOWFERRY_PACING: z._default(z.enum(['shared', 'own'], 'must be shared or own'), 'shared'),
  /** Whether `callbackUrl` is taken. */
  FLOWFERRY_CALLBACKS: z._default(flag, true),
  /** The bus that events are put on; left out: they stand in the log. */
  FLOWFERRY_EVENT_BUS: z.optional(name),
  /** The queue of work that was given up; left out: it stands in the log. */
  FLOWFERRY_DEAD_LETTERS_URL: z.optional(z.url('must be an address')),
  /** The KMS key that secrets we make are encrypted with; left out: the one that AWS manages. */
  FLOWFERRY_ENCRYPTION_KEY: z.optional(name),
  /** Requests of one key a second, and at once; a rate of 0: as many as it likes. */
  FLOWFERRY_KEY_RATE: z._default(wholeNumber(0, 100_000), 50),
  FLOWFERRY_KEY_BURST: z._default(wholeNumber(1, 100_000), 100),
  /** The same for the deliveries of one hook. */
  FLOWFERRY_HOOK_RATE: z._default(wholeNumber(0, 100_000), 20),
  FLOWFERRY_HOOK_BURST: z._default(wholeNumber(1, 100_000), 200),
  /** Seconds until a clone that waits for the customer is first looked at again. */
  FLOWFERRY_FIRST_LOOK_SECONDS: z._default(wholeNumber(1, 86_400), 60),
  /** Where schedules of syncs are kept, what they call and as whom; left out: there are none. */
  FLOWFERRY_SCHEDULE_GROUP: z.optional(name),
  FLOWFERRY_SCHEDULE_FUNCTION_ARN: z.optional(name),
  FLOWFERRY_SCHEDULE_ROLE_ARN: z.optional(name),
  /** The queue of calls of schedules that found nobody. */
  FLOWFERRY_SCHEDULE_DEAD_LETTERS_ARN: z.optional(name),
  /** Whether http on loopback may stand for https: local runs only. */
  FLOWFERRY_ALLOW_LOOPBACK: z._default(flag, false),
  /** Whether workers write metrics, and whether each account gets series of its own, which AWS charges for. */
  FLOWFERRY_METRICS: z._default(
    z.enum(['off', 'totals', 'by-account'], 'must be off, totals or by-account'),
    'off',
  ),
  FLOWFERRY_LOG_LEVEL: z._default(z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`), 'INFO'),
});

export type Environment = z.infer<typeof schema>;

/** The environment with these variables known to be there. */
export type EnvironmentWith<K extends keyof Environment> = Environment & {
  [P in K]-?: NonNullable<Environment[P]>;
};

/** Variables as a process has them. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** The environment is not as it must be; a line for every variable, none of which holds a value. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(`The environment is not complete: ${lines.join('; ')}.`);
    this.lines = lines;
  }
}

/** Reads the environment. Throws one error that names every variable that is missing or wrong, never its value. */
export function readEnvironment<K extends keyof Environment = never>(
  variables: Variables,
  needed: readonly K[] = [],
): EnvironmentWith<K> {
  const parsed = schema.safeParse(variables);
  const wrong = parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
  const missing = needed.filter((variable) => variables[variable] === undefined);
  const lines = [...wrong, ...missing.map((variable) => `${variable} must be set`)];
  if (parsed.success && lines.length === 0) return parsed.data as EnvironmentWith<K>;
  throw new EnvironmentError(lines);
}
