import * as z from 'zod/mini';
import { LOG_LEVELS } from './http/log.ts';

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

/** The environment variables of the deployed functions. */
const schema = z.object({
  /** The DynamoDB table of ledger and clones. */
  FLOWFERRY_TABLE: name,
  /** The worker's function, and the alias or version by which its executions are started. */
  FLOWFERRY_WORKER_FUNCTION: name,
  FLOWFERRY_WORKER_QUALIFIER: z._default(name, 'live'),
  /** How long `POST /clone` waits, in ms: below the 30 seconds that API Gateway waits for us. */
  FLOWFERRY_SYNC_WAIT_MS: z._default(wholeNumber(0, 28_000), 20_000),
  FLOWFERRY_IDEMPOTENCY_DAYS: z._default(wholeNumber(1, 365), 7),
  /** How long clones, their plans and before-images are kept after their end. */
  FLOWFERRY_CLONE_DAYS: z._default(wholeNumber(1, 3650), 90),
  /** A running clone whose worker was silent for this long may be resumed. */
  FLOWFERRY_STALL_SECONDS: z._default(wholeNumber(1, 86_400), 300),
  /** How long a secret is believed before it is read again. */
  FLOWFERRY_SECRET_TTL_SECONDS: z._default(wholeNumber(0, 86_400), 300),
  /** How long one step of the worker works before it checks in, in ms. */
  FLOWFERRY_STEP_MS: z._default(wholeNumber(1_000, 300_000), 60_000),
  /** Whether http on loopback may stand for https: local runs only. */
  FLOWFERRY_ALLOW_LOOPBACK: z._default(flag, false),
  FLOWFERRY_LOG_LEVEL: z._default(z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`), 'INFO'),
});

export type Environment = z.infer<typeof schema>;

/** Reads the environment. Throws one error that names every variable that is missing or wrong, never its value. */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const parsed = schema.safeParse(env);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
  throw new Error(`The environment is not complete: ${lines.join('; ')}`);
}
