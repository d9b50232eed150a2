import type { BucketShape } from './bucket.ts';

/** What all workers on one account know of its bucket: small, and the same for whoever reads it. Times are wall, ms. */
export interface SharedLevel {
  /** Tokens at `at`; below zero, the next ones to flow in are promised already. */
  level: number;
  at: number;
  /** Tokens that workers hold or have under way, and when that can no longer be so. */
  leases: Record<string, { tokens: number; until: number }>;
  /** Part of the published bucket that is believed in, lowered by refusals. */
  factor: number;
  factorAt: number;
  /** When the model was last lowered: calls sent before tell nothing new. */
  correctedAt: number;
}

/** What a refusal leaves of the model: half. */
const DECREASE = 0.5;
/** What each second without a refusal gives back of it. */
const INCREASE_PER_SECOND = 0.02;
/** The model never falls below this part, so that it can find its way back. */
const LEAST = 0.02;

/** A bucket nobody has called yet, as far as anybody knows. */
export function freshLevel(shape: BucketShape, now: number): SharedLevel {
  return { level: shape.size, at: now, leases: {}, factor: 1, factorAt: now, correctedAt: 0 };
}

/** What is believed of the published bucket now. */
export function shapeOf(full: BucketShape, { factor }: SharedLevel): BucketShape {
  return { size: Math.max(1, full.size * factor), rate: full.rate * factor };
}

/**
 * The level as it is at `now`. Leases that ran out count no more. While tokens are held or travel, integrator.io's
 * own bucket may still be full and then gains nothing: it is not believed to refill above what they leave of its
 * size. Tokens promised ahead count as held: they are in nobody's hands yet, but not in the level either.
 */
export function advanced(state: SharedLevel, full: BucketShape, now: number): SharedLevel {
  const seconds = Math.max(0, now - Math.max(state.at, state.factorAt)) / 1000;
  const factor = Math.min(1, state.factor + seconds * INCREASE_PER_SECOND);
  const leases = Object.fromEntries(Object.entries(state.leases).filter(([, { until }]) => until > now));
  const { size, rate } = shapeOf(full, { ...state, factor });
  const out = Object.values(leases).reduce((sum, { tokens }) => sum + tokens, 0);
  const most = size - out;
  const gained = (Math.max(0, now - state.at) / 1000) * rate;
  const level = Math.max(Math.min(state.level, size), Math.min(most, state.level + gained));
  const factorAt = Math.max(state.factorAt, now);
  return { ...state, leases, factor, factorAt, level, at: Math.max(state.at, now) };
}

/** The level after a 429: empty, nothing flows in for `pauseMs`, and the model is lowered. */
export function refused(state: SharedLevel, now: number, pauseMs: number, sentAt: number): SharedLevel {
  const held = { ...state, level: Math.min(state.level, 0), at: Math.max(state.at, now + pauseMs) };
  if (sentAt < state.correctedAt) return held;
  const factor = Math.max(LEAST, state.factor * DECREASE);
  return { ...held, factor, factorAt: now + pauseMs, correctedAt: now };
}
