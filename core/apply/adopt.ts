import type { Document, JsonObject, ResourceType } from '../model/resource.ts';
import { differences, extras } from '../plan/compare.ts';
import type { Account, Clock, Ledger, Pair } from '../ports.ts';
import { listsWhole } from '../read/fetch.ts';

/** integrator.io's clocks may differ among its machines by as much. */
export const CLOCK_SKEW_MS = 60_000;

/** Everything a search for our own earlier creates needs. */
export interface AdoptionPorts {
  account: Account;
  ledger: Ledger;
  clock: Clock;
  pair: Pair;
  /** integrator.io's time of the first intent, ms: nothing of ours is older. */
  since: number;
  /** How long a lost call is given to land before the target is asked again, ms. */
  waitMs: number;
}

/** One list of a type's candidates, and when (monotonic, ms) it was asked for. */
interface Look {
  at: number;
  candidates: Promise<Document[]>;
}

/**
 * Finds what an earlier try made, so that a create whose answer was lost is never sent twice.
 *
 * integrator.io has no idempotency key. An object is ours when it was created since the intent, holds all that was
 * sent, and no ledger row owns it; of several the one that holds least besides, for that is what integrator.io adds.
 * One list call serves all that ask while it is under way; equal twins are handed out one by one.
 */
export class Adopter {
  readonly #ports: AdoptionPorts;
  readonly #lists = new Map<ResourceType, Look>();
  readonly #claimed = new Set<string>();

  constructor(ports: AdoptionPorts) {
    this.#ports = ports;
  }

  /**
   * An object of the target that this body was made into; asks twice before it says there is none.
   *
   * @param lostAt when the answer was lost (monotonic, ms): an older list tells nothing of it. All that was lost
   * before this process began may share one list.
   * @param rivals bodies of other creates that may have made an object of that name: what fits one of them better is
   * not this one's
   */
  async find(
    type: ResourceType,
    body: JsonObject,
    lostAt = Number.NEGATIVE_INFINITY,
    rivals: readonly JsonObject[] = [],
  ): Promise<Document | undefined> {
    const { clock, waitMs } = this.#ports;
    const first = this.#look(type, lostAt);
    const found = await this.#match(type, first, body, rivals);
    if (found) return found;
    const due = (Number.isFinite(lostAt) ? lostAt : first.at) + waitMs;
    if (first.at >= due) return undefined;
    await clock.sleep(Math.max(0, due - clock.monotonic()));
    return this.#match(type, this.#look(type, due), body, rivals);
  }

  /** Takes an object for one create; `false` when an equal one has taken it already. */
  claim(id: string): boolean {
    if (this.#claimed.has(id)) return false;
    this.#claimed.add(id);
    return true;
  }

  /** Objects that are ours but for the ledger: late twins of creates that were sent again. */
  async strays(type: ResourceType): Promise<Document[]> {
    const { candidates } = this.#look(type, this.#ports.clock.monotonic());
    return (await candidates).filter(({ _id }) => !this.#claimed.has(_id));
  }

  /** Whether an object holds all that was sent; scripts are read, since lists leave their content out. */
  async isMadeFrom(type: ResourceType, candidate: Document, body: JsonObject): Promise<Document | undefined> {
    if (candidate['name'] !== body['name']) return undefined;
    const whole = listsWhole(type) ? candidate : await this.#ports.account.get(type, candidate._id);
    return whole && differences(type, whole, body).length === 0 ? whole : undefined;
  }

  async #match(
    type: ResourceType,
    look: Look,
    body: JsonObject,
    rivals: readonly JsonObject[],
  ): Promise<Document | undefined> {
    const fits: { found: Document; more: number }[] = [];
    for (const candidate of await look.candidates) {
      if (this.#claimed.has(candidate._id)) continue;
      const found = await this.isMadeFrom(type, candidate, body);
      if (found === undefined) continue;
      const more = extras(type, found, body).length;
      if (more === 0 && this.claim(found._id)) return found;
      if (!rivals.some((rival) => fitsBetter(type, found, rival, more))) fits.push({ found, more });
    }
    fits.sort((one, other) => one.more - other.more);
    return fits.find(({ found }) => this.claim(found._id))?.found;
  }

  /** The newest list, if it is new enough; a new one otherwise. One list serves all that ask. */
  #look(type: ResourceType, notBefore: number): Look {
    const known = this.#lists.get(type);
    if (known && known.at >= notBefore) return known;
    const look = { at: this.#ports.clock.monotonic(), candidates: this.#list(type) };
    this.#lists.set(type, look);
    // What could not be listed is listed anew by the next who asks.
    look.candidates.catch(() => {
      if (this.#lists.get(type) === look) this.#lists.delete(type);
    });
    return look;
  }

  async #list(type: ResourceType): Promise<Document[]> {
    const { account, ledger, pair, since } = this.#ports;
    const recent: Document[] = [];
    for await (const page of account.list(type)) {
      recent.push(...page.filter((document) => isSince(document, since - CLOCK_SKEW_MS)));
    }
    const owned = await ledger.owned(
      pair,
      recent.map(({ _id }) => _id),
    );
    return recent.filter(({ _id }) => !owned.has(_id));
  }
}

/** Whether an object was rather made from another body than from one beside which it holds so much more. */
function fitsBetter(type: ResourceType, found: Document, rival: JsonObject, more: number): boolean {
  return differences(type, found, rival).length === 0 && extras(type, found, rival).length < more;
}

/** Without a `createdAt` nothing says that it is older, and content and ledger decide alone. */
function isSince(document: Document, time: number): boolean {
  const created = document['createdAt'];
  return typeof created !== 'string' || !(Date.parse(created) < time);
}
