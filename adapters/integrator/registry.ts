import type { Clock } from '../../core/ports.ts';
import type { BucketShape } from './bucket.ts';
import type { BelievedLevel, BucketLease } from './bucket-lease.ts';
import { Gate } from './gate.ts';

export interface GateRegistryOptions {
  clock: Clock;
  /** The accounts' bucket; default: the published one. */
  bucket?: BucketShape | undefined;
  /** Where an account's tokens come from; default: a model in this process. */
  lease?: ((accountKey: string) => BucketLease) | undefined;
}

/** The gates of a process, one an account: whoever opens an account passes through the same one. */
export class GateRegistry {
  readonly #options: GateRegistryOptions;
  readonly #gates = new Map<string, Gate>();

  constructor(options: GateRegistryOptions) {
    this.#options = options;
  }

  /** The gate of an account; `accountKey` is whatever tells accounts apart for the caller, such as our name for it. */
  gate(accountKey: string): Gate {
    let gate = this.#gates.get(accountKey);
    if (gate === undefined) {
      const { clock, bucket, lease } = this.#options;
      gate = new Gate({ clock, bucket, lease: lease?.(accountKey) });
      this.#gates.set(accountKey, gate);
    }
    return gate;
  }

  /** What is believed of every account's bucket, to be kept for the next process. */
  levels(): Map<string, BelievedLevel> {
    return new Map([...this.#gates].map(([key, gate]) => [key, gate.level()]));
  }
}
