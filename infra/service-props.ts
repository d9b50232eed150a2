import { isAbsolute } from 'node:path';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { z } from 'zod';
import { RETENTION_DAYS } from '../lambdas/retention.ts';
import { InvalidOptionError } from './option-error.ts';
import { resolveThrottle, type Throttle, type ThrottleProps, throttleSchema } from './throttle.ts';

/** A JWT authorizer of API Gateway: tokens of this issuer, made for one of these audiences. */
export interface JwtAuth {
  readonly jwt: {
    /** The issuer's address (https), whose OpenID discovery document names its keys. */
    readonly issuer: string;
    /** At least one audience (`aud` or `client_id` of the token). */
    readonly audience: readonly string[];
    /** The claim that names the caller. @default 'sub' */
    readonly claim?: string;
  };
}

/** The least that a line must be to be written. */
export type LogLevel = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';

/** What a flowferry service can be asked to be. Every default is the careful choice. */
export interface FlowferryServiceProps {
  /**
   * Who may come in. `api-keys`: the functions check `x-api-key` against the digests in the secret
   * `flowferry/api-keys`. `iam` and `jwt`: API Gateway checks the signature or the token in the key's place, and
   * the caller's ARN or claim is the `id` of the entry in that secret which says what accounts it may name.
   * @default 'api-keys'
   */
  readonly auth?: 'api-keys' | 'iam' | JwtAuth;
  /**
   * `true`: the worker is a durable function. `false`: it is driven by a queue message that it hands on to
   * itself, for regions that have no durable functions.
   * @default true
   */
  readonly durable?: boolean;
  /**
   * The longest one attempt at a clone may take, waits included. Up to 366 days; only with `durable`.
   * @default Duration.days(1)
   */
  readonly executionTimeout?: Duration;
  /**
   * How long Lambda keeps an execution's history after its end: 1 to 90 whole days; only with `durable`.
   * @default Duration.days(14)
   */
  readonly executionRetention?: Duration;
  /** What is logged: `DEBUG` adds a line for every action of every clone. @default 'INFO' */
  readonly logLevel?: LogLevel;
  /** How long logs are kept; never for ever. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
  /**
   * What becomes of the table and the key secret when the stack is deleted. `DESTROY` also lifts the table's
   * deletion protection: the ledger is what keeps a second clone from making everything twice.
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy.RETAIN | RemovalPolicy.DESTROY;
  /**
   * Workers that may run at once: the bound on what reaches integrator.io. The functions behind the API are
   * never bounded, so that a long queue of work does not shut the door. At least 2.
   * @default 10
   */
  readonly workerConcurrency?: number;
  /**
   * Requests a second, and at once, that the API takes over all callers: in all, and of single routes.
   * @default { rate: 50, burst: 100 }, and less or more for the routes that `lambdas/route-limits.ts` names
   */
  readonly throttle?: ThrottleProps;
  /**
   * How long clones are kept after their end, with their plans, images and events, and runs of syncs: 7 to 3,650
   * whole days. Never shorter than `idempotencyRetention`: a request that comes again must find its clone.
   * @default Duration.days(90)
   */
  readonly cloneRetention?: Duration;
  /**
   * How long an `Idempotency-Key` stands for the clone of its first request: 1 to 365 whole days.
   * @default Duration.days(7)
   */
  readonly idempotencyRetention?: Duration;
  /** Where alarms are sent. @default a topic of the service's own, to subscribe to */
  readonly alarmTopic?: ITopic;
  /**
   * One customer managed key for the table, the key secret, queues, the topic and log groups. A key that was
   * imported must already let CloudWatch Logs and CloudWatch alarms use it.
   * @default keys that AWS manages
   */
  readonly encryptionKey?: IKey;
  /**
   * What workers count. `totals`: clones, actions, calls, 429s, waits and durations of the service; accounts stand
   * in the log's lines, to be searched for. `by-account`: calls and 429s of each account as series of their own,
   * three an account, for each of which CloudWatch charges.
   * @default 'totals'
   */
  readonly metrics?: 'totals' | 'by-account';
  /** X-Ray tracing of every function. @default true */
  readonly tracing?: boolean;
  /** Put on every resource that can carry tags. @default none */
  readonly tags?: Readonly<Record<string, string>>;
  /** The folder that holds a folder for each function. @default flowferry's own `lambdas/` */
  readonly functionsFolder?: string;
}

/** The same with every default filled in. */
export interface ServiceOptions {
  readonly auth: 'api-keys' | 'iam' | JwtAuth;
  readonly durable: boolean;
  readonly executionTimeout: Duration;
  readonly executionRetention: Duration;
  readonly logLevel: LogLevel;
  readonly logRetention: RetentionDays;
  readonly removalPolicy: RemovalPolicy.RETAIN | RemovalPolicy.DESTROY;
  readonly workerConcurrency: number;
  readonly throttle: Throttle;
  readonly cloneRetention: Duration;
  readonly idempotencyRetention: Duration;
  readonly alarmTopic: ITopic | undefined;
  readonly encryptionKey: IKey | undefined;
  readonly metrics: 'totals' | 'by-account';
  readonly tracing: boolean;
  readonly tags: Readonly<Record<string, string>>;
  readonly functionsFolder: string | undefined;
}

const ofKind = <T>(holds: (value: unknown) => boolean, message: string) =>
  z.custom<T>((value) => holds(value), message);

const construct = <T>(what: string, member: string) =>
  ofKind<T>((value) => Construct.isConstruct(value) && member in value, `must be ${what}`);

/** By what it can do: an app may make it by a copy of aws-cdk-lib that is not ours. */
const isDuration = (value: unknown): value is Duration =>
  typeof value === 'object' && value !== null && 'toMilliseconds' in value && 'toHumanString' in value;

const durationWithin = (fewest: Duration, most: Duration) =>
  ofKind<Duration>(
    (value) =>
      isDuration(value) &&
      value.toMilliseconds() >= fewest.toMilliseconds() &&
      value.toMilliseconds() <= most.toMilliseconds(),
    `must be a Duration from ${fewest.toHumanString()} to ${most.toHumanString()}`,
  );

const wholeDays = (fewest: number, most: number) =>
  durationWithin(Duration.days(fewest), Duration.days(most)).refine(
    (value) => value.toMilliseconds() % Duration.days(1).toMilliseconds() === 0,
    'must be a whole number of days',
  );

// The bounds are those of the CloudFormation property DurableConfig.
const schema = z
  .strictObject({
    auth: z.union(
      [
        z.literal('api-keys'),
        z.literal('iam'),
        z.strictObject({
          jwt: z.strictObject({
            issuer: z.url({ protocol: /^https$/ }),
            audience: z.array(z.string().min(1)).min(1).readonly(),
            claim: z.string().min(1).optional(),
          }),
        }),
      ],
      {
        error:
          "must be 'api-keys', 'iam' or { jwt: { issuer: 'https://...', audience: ['...'], claim?: '...' } }",
      },
    ),
    durable: z.boolean(),
    executionTimeout: durationWithin(Duration.seconds(1), Duration.days(366)),
    executionRetention: wholeDays(1, 90),
    logLevel: z.literal(['DEBUG', 'INFO', 'WARN', 'ERROR']),
    logRetention: ofKind<RetentionDays>(
      (value) =>
        Object.values(RetentionDays).includes(value as RetentionDays) && value !== RetentionDays.INFINITE,
      'must be one of RetentionDays, and not INFINITE',
    ),
    removalPolicy: z.literal([RemovalPolicy.RETAIN, RemovalPolicy.DESTROY]),
    workerConcurrency: z.int().min(2).max(1000),
    throttle: throttleSchema,
    // A delivery that comes again must find its clone, too.
    cloneRetention: wholeDays(RETENTION_DAYS.deliveries, 3650),
    idempotencyRetention: wholeDays(1, 365),
    alarmTopic: construct<ITopic>('a topic', 'topicArn'),
    encryptionKey: construct<IKey>('a key', 'keyArn'),
    metrics: z.literal(['totals', 'by-account']),
    tracing: z.boolean(),
    tags: z.record(z.string().min(1).max(128), z.string().max(256)),
    functionsFolder: z.string().refine(isAbsolute, 'must be an absolute path'),
  })
  .partial();

/**
 * Checks the options and fills in the defaults.
 * @throws InvalidOptionError naming every unknown, malformed or contradictory option.
 */
export function resolveServiceProps(props: FlowferryServiceProps): ServiceOptions {
  const parsed = schema.safeParse(props);
  const problems = parsed.success
    ? []
    : parsed.error.issues.map((issue) => ({ path: issue.path.join('.') || 'props', message: issue.message }));
  if (props.durable === false) {
    for (const path of ['executionTimeout', 'executionRetention'] as const) {
      if (props[path] !== undefined) problems.push({ path, message: 'only with durable: true' });
    }
  }
  const cloneRetention = props.cloneRetention ?? Duration.days(RETENTION_DAYS.clones);
  const idempotencyRetention = props.idempotencyRetention ?? Duration.days(RETENTION_DAYS.idempotencyKeys);
  if (problems.length === 0 && cloneRetention.toDays() < idempotencyRetention.toDays()) {
    problems.push({ path: 'cloneRetention', message: 'must not be shorter than idempotencyRetention' });
  }
  if (problems.length > 0) throw new InvalidOptionError('FlowferryService', problems);
  return {
    auth: props.auth ?? 'api-keys',
    durable: props.durable ?? true,
    executionTimeout: props.executionTimeout ?? Duration.days(1),
    executionRetention: props.executionRetention ?? Duration.days(14),
    logLevel: props.logLevel ?? 'INFO',
    logRetention: props.logRetention ?? RetentionDays.ONE_MONTH,
    removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
    workerConcurrency: props.workerConcurrency ?? 10,
    throttle: resolveThrottle(props.throttle),
    cloneRetention,
    idempotencyRetention,
    alarmTopic: props.alarmTopic,
    encryptionKey: props.encryptionKey,
    metrics: props.metrics ?? 'totals',
    tracing: props.tracing ?? true,
    tags: props.tags ?? {},
    functionsFolder: props.functionsFolder,
  };
}
