import { randomBytes } from 'node:crypto';

const OBJECT_ID = /^[0-9a-f]{24}$/;

/** Tells whether a value is a well-formed object id: 24 lower-case hexadecimal characters. */
export function isObjectId(value: unknown): value is string {
  return typeof value === 'string' && OBJECT_ID.test(value);
}

/**
 * Makes object ids in the usual shape: four bytes of seconds, five of machine, three of counter.
 * Ids of two generators never meet.
 */
export class ObjectIds {
  readonly #machine = randomBytes(5).toString('hex');
  #counter = randomBytes(3).readUIntBE(0, 3);

  next(now: number): string {
    this.#counter = (this.#counter + 1) % 0x1000000;
    const seconds = Math.floor(now / 1000)
      .toString(16)
      .padStart(8, '0');
    return seconds + this.#machine + this.#counter.toString(16).padStart(6, '0');
  }
}

/** Random hexadecimal text, for API identifiers, branch ids and tokens. */
export function randomHex(length: number): string {
  return randomBytes(Math.ceil(length / 2))
    .toString('hex')
    .slice(0, length);
}
