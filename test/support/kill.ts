import type { ClonePorts } from '../../core/clone/index.ts';
import type { Account } from '../../core/ports.ts';

/** Where in a call the process dies. */
export type Moment = 'before' | 'after';

/** Calls of an account that reach integrator.io, in the order the process model makes them. */
const CALLS: ReadonlySet<string> = new Set([
  'identity',
  'get',
  'list',
  'create',
  'replace',
  'patch',
  'remove',
  'registerConnections',
  'deregisterConnection',
  'run',
  'job',
  'ping',
]);

const never = (): Promise<never> => new Promise(() => undefined);

/**
 * Ports of a process that dies at its n-th call to integrator.io, before the call is sent or after it took effect:
 * from then on nothing of it happens any more, in no account and in no store, and nothing it waits for comes.
 */
export class MortalPorts {
  readonly ports: ClonePorts;
  calls = 0;
  readonly died: Promise<void>;
  #dead = false;
  #die: () => void = () => undefined;
  readonly #at: number;
  readonly #moment: Moment;

  constructor(ports: ClonePorts, at: number, moment: Moment) {
    this.#at = at;
    this.#moment = moment;
    this.died = new Promise((resolve) => {
      this.#die = () => {
        this.#dead = true;
        resolve();
      };
    });
    this.ports = {
      ...ports,
      ledger: this.#mortal(ports.ledger),
      clones: this.#mortal(ports.clones),
      bindings: this.#mortal(ports.bindings),
      accounts: {
        open: async (name, options) => this.#counting(await ports.accounts.open(name, options)),
      },
    };
  }

  #mortal<T extends object>(store: T): T {
    return new Proxy(store, {
      get: (target, property) => {
        const member = Reflect.get(target, property) as unknown;
        if (typeof member !== 'function') return member;
        return (...args: unknown[]) => {
          if (this.#dead) return never();
          const result = (member as (...a: unknown[]) => unknown).apply(target, args);
          if (result instanceof Promise)
            return result.then((value) => (this.#dead ? never() : this.#wrapped(value)));
          return result;
        };
      },
    });
  }

  /** A lease dies with its process, too. */
  #wrapped(value: unknown): unknown {
    const isLease = typeof value === 'object' && value !== null && 'renew' in value;
    return isLease ? this.#mortal(value) : value;
  }

  #counting(account: Account): Account {
    return new Proxy(account, {
      get: (target, property) => {
        const member = Reflect.get(target, property) as unknown;
        if (typeof member !== 'function') return member;
        const bound = (...args: unknown[]): unknown =>
          (member as (...a: unknown[]) => unknown).apply(target, args);
        if (property === 'list')
          return (...args: unknown[]) => this.#listing(bound(...args) as AsyncIterable<unknown>);
        if (!CALLS.has(String(property))) return bound;
        return (...args: unknown[]) => this.#call(() => bound(...args) as Promise<unknown>);
      },
    });
  }

  async *#listing(pages: AsyncIterable<unknown>): AsyncIterable<unknown> {
    const iterator = pages[Symbol.asyncIterator]();
    for (;;) {
      const next = (await this.#call(() => iterator.next())) as IteratorResult<unknown>;
      if (next.done) return;
      yield next.value;
    }
  }

  async #call(send: () => Promise<unknown>): Promise<unknown> {
    if (this.#dead) return never();
    this.calls += 1;
    const isLast = this.calls === this.#at;
    if (isLast && this.#moment === 'before') {
      this.#die();
      return never();
    }
    const answer = await send();
    if (isLast) this.#die();
    return this.#dead ? never() : answer;
  }
}
