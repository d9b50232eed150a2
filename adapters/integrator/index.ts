/** The one client for integrator.io: typed calls, pacing by account, retries, errors. */
export { accountOf, type OpenAccountOptions, openAccount } from './account.ts';
export { Bucket, type BucketShape, believedShape, PUBLISHED_BUCKET } from './bucket.ts';
export type { BelievedLevel, BucketLease, TokenGrant } from './bucket-lease.ts';
export { createIntegratorClient, type IntegratorClient } from './client.ts';
export type { CloneAnswer, CreatedObject } from './clone-answer.ts';
export type {
  CloneableCollection,
  Collection,
  CollectionListOptions,
  FlowCollection,
} from './collections.ts';
export { IntegratorError, type IntegratorErrorCode, type UpstreamError } from './errors.ts';
export { type Answer, type Exchange, exchangeOver, type Fetch, type Outgoing } from './exchange.ts';
export { Gate, type GateOptions } from './gate.ts';
export { createHttpExchange, type HttpExchange } from './http-exchange.ts';
export { LocalBucket } from './local-bucket.ts';
export type { IntegratorClientOptions } from './options.ts';
export { baseUrlOf, REGIONS, type Region } from './regions.ts';
export { GateRegistry, type GateRegistryOptions } from './registry.ts';
export { DEFAULT_RETRY, givingUpAfter, type RetryPolicy } from './retry.ts';
export { systemClock } from './system-clock.ts';
export type { TokenProvider } from './token.ts';
