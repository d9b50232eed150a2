export {
  createRateLimiter,
  type RateLimiter,
  type RateLimiterOptions,
  type Verdict,
} from './rate-limiter.ts';
