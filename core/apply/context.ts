import type { Warning } from '../model/problem.ts';
import type { ResourceType } from '../model/resource.ts';
import type { Account, Clock, CloneStore, Lease, Ledger, Log } from '../ports.ts';
import type { Adopter } from './adopt.ts';
import type { Bodies } from './bodies.ts';
import type { Intents } from './intents.ts';
import type { Recorder } from './recorder.ts';
import type { Work } from './work.ts';

/** What carrying out a plan needs from outside. */
export interface ApplyPorts {
  /** The target account. */
  account: Account;
  ledger: Ledger;
  clones: CloneStore;
  clock: Clock;
  log: Log;
}

/** One attempt at carrying out a plan, under one lease. */
export interface ApplyContext extends ApplyPorts {
  work: Work;
  lease: Lease;
  bodies: Bodies;
  intents: Intents;
  recorder: Recorder;
  adopter: Adopter;
  /** Types of which a create was sent more than once, and when its answer was last lost (monotonic, ms). */
  resent: Map<ResourceType, number>;
  /** Called before a create is sent again, so that a successor knows of the doubt too. */
  onResend: (type: ResourceType) => Promise<void>;
  /** Takes what the caller should know, and what stops nothing. */
  warn: (warning: Warning) => void;
}
