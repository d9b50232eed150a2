import type { Clock, Log } from '../../core/ports.ts';
import { readEnvironment, type Variables } from '../environment.ts';
import { basics } from './basics.ts';

/** For `meta`: what every function has. */
export function composeMeta(variables: Variables): { clock: Clock; log: Log } {
  return basics(readEnvironment(variables));
}
