import type { Announcer } from '../announce/announcer.ts';
import type { Environment } from '../environment.ts';
import { lazily } from './lazily.ts';
import type { CloneParts } from './parts.ts';

/** Tells others what became of a clone. What it takes is loaded when the first clone has come to rest. */
export function announcerOf(environment: Environment, parts: CloneParts): Announcer {
  const announcer = lazily(async () => (await import('./announcing.ts')).announcing(environment, parts));
  return { announce: async (clone) => (await announcer()).announce(clone) };
}
