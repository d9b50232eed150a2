import { OptionError } from './errors.ts';
import type { Call, Fault } from './types.ts';

interface Armed {
  fault: Fault;
  matched: number;
  fired: number;
}

const NAMES: ReadonlySet<string> = new Set<keyof Fault>([
  'account',
  'method',
  'path',
  'nth',
  'every',
  'always',
  'count',
  'effect',
  'status',
  'code',
  'message',
  'headers',
  'ms',
]);

const EFFECTS: ReadonlySet<Fault['effect']> = new Set([
  'status',
  'status-after',
  'drop-before',
  'drop-after',
  'delay',
  'late',
] as const);

/** The faults that were added, each with its own count of the calls it matches. */
export class Faults {
  #armed: Armed[] = [];

  /** @throws {OptionError} when the fault is not one */
  add(fault: Fault): void {
    check(fault);
    this.#armed.push({ fault, matched: 0, fired: 0 });
  }

  clear(): void {
    this.#armed = [];
  }

  /** The fault that happens to this call, if any. Every fault that matches counts the call; the first wins. */
  next(call: Call): Fault | undefined {
    let chosen: Fault | undefined;
    for (const armed of this.#armed) {
      if (!matches(armed.fault, call)) continue;
      armed.matched += 1;
      if (chosen || !due(armed)) continue;
      armed.fired += 1;
      chosen = armed.fault;
    }
    return chosen;
  }
}

function matches(fault: Fault, call: Call): boolean {
  if (fault.account !== undefined && fault.account !== call.account) return false;
  if (fault.method !== undefined && fault.method.toUpperCase() !== call.method) return false;
  // search() ignores lastIndex: a sticky or global expression must not remember the call before.
  return fault.path === undefined || call.path.search(fault.path) >= 0;
}

function due({ fault, matched, fired }: Armed): boolean {
  if (fault.count !== undefined && fired >= fault.count) return false;
  if (fault.nth !== undefined) return matched === fault.nth;
  if (fault.every !== undefined) return matched % fault.every === 0;
  return true;
}

function check(fault: Fault): void {
  for (const name of Object.keys(fault)) {
    if (!NAMES.has(name)) throw new OptionError('fault', `there is no field ${name}`);
  }
  if (!EFFECTS.has(fault.effect)) throw new OptionError('fault', `effect must be one of ${[...EFFECTS]}`);
  const whens = [fault.nth, fault.every, fault.always].filter((when) => when !== undefined && when !== false);
  if (whens.length > 1) throw new OptionError('fault', 'nth, every and always exclude each other');
  for (const name of ['nth', 'every', 'count'] as const) {
    const value = fault[name];
    if (value !== undefined && !(Number.isInteger(value) && value >= 1)) {
      throw new OptionError('fault', `${name} must be a whole number above 0`);
    }
  }
  const needsStatus = fault.effect === 'status' || fault.effect === 'status-after';
  if (
    needsStatus &&
    !(Number.isInteger(fault.status) && (fault.status ?? 0) >= 200 && (fault.status ?? 0) < 600)
  ) {
    throw new OptionError('fault', 'this effect needs a status from 200 to 599');
  }
  const needsTime = fault.effect === 'delay' || fault.effect === 'late';
  if (needsTime && !(typeof fault.ms === 'number' && fault.ms >= 0)) {
    throw new OptionError('fault', 'this effect needs ms');
  }
}
