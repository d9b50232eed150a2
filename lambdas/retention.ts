/** How long things are kept where a deployment does not say otherwise, in days. */
export const RETENTION_DAYS = {
  /** Clones with their plans, images and events, after their end; and runs of syncs. */
  clones: 90,
  /** Idempotency keys, from the first request that came with one. */
  idempotencyKeys: 7,
  /** That a webhook's delivery was taken. The senders we know give up within three days. */
  deliveries: 7,
} as const;
