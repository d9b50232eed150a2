import { createCipheriv } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../../core/ports.ts';
import { localClientConfig } from '../../local/standins/server.ts';

/** A clock that stands still until it is moved; sleeping moves it. */
export function manualClock(start = Date.UTC(2026, 0, 1)): Clock & { move(ms: number): void } {
  let passed = 0;
  return {
    now: () => start + passed,
    monotonic: () => passed,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      passed += ms;
    },
    move(ms) {
      passed += ms;
    },
  };
}

/** A real client of the SDK that talks to a server on loopback and leaves repeating to the caller. */
export function clientFor(endpoint: string, maxAttempts = 1): DynamoDBClient {
  return new DynamoDBClient({ ...localClientConfig(endpoint), maxAttempts });
}

/** The n-th id of integrator.io's kind. */
export function id(n: number): string {
  return n.toString(16).padStart(24, '0');
}

/** Text that compresses to some 75 % of its length, the same for the same seed. */
export function noise(length: number, seed: number): string {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, seed), Buffer.alloc(16));
  return cipher.update(Buffer.alloc(length)).toString('base64').slice(0, length);
}
