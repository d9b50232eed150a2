import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gunzipSync, gzip, gzipSync } from 'node:zlib';
import { type Item, type Key, number, text } from './attributes.ts';
import { padded } from './keys.ts';
import { type Storage, startingWith, type Write } from './storage.ts';

const gzipAside = promisify(gzip);
const gunzipAside = promisify(gunzip);

/**
 * From this many bytes on the work is done off the event loop: a plan of some megabytes would hold up every call
 * under way. Below it the way to another thread costs four times what compressing a document of 2 KB does.
 */
const LARGE_BYTES = 64_000;

/** Documents of integrator.io get no smaller by what a higher level costs: two to three times the time. */
const LEVEL = { level: 1 };

function compress(text: string): Buffer | Promise<Buffer> {
  return text.length < LARGE_BYTES ? gzipSync(text, LEVEL) : gzipAside(text, LEVEL);
}

function expand(zip: Uint8Array): Buffer | Promise<Buffer> {
  // Documents shrink to a fifth or less.
  return zip.byteLength < LARGE_BYTES / 5 ? gunzipSync(zip) : gunzipAside(zip);
}

/** An item may hold 400 KB with its names; the rest is room for the other attributes. */
const MOST_BYTES = 350_000;

/** A value as compressed JSON: within its item, or, where that is too small, in parts beside it. */
export interface Blob {
  /** Attributes for the item that stands for the value. */
  head: { zip?: Uint8Array; parts?: number; version?: string };
  /** Items that must be written before the head names them. */
  parts: Item[];
}

/** Sort keys of a value's parts: behind the head's own, so that one query finds all. */
function partKey({ pk, sk }: Key, version: string, index: number): Key {
  return { pk, sk: `${sk}#${version}#${padded(index)}` };
}

/**
 * Compresses a value for the item at `key`. Parts are named by the content's hash: a reader either finds all parts
 * of the version that the head names, or sees that one is missing, but never a mixture.
 */
export async function toBlob(key: Key, value: unknown, maxBytes = MOST_BYTES): Promise<Blob> {
  const zip = await compress(JSON.stringify(value));
  if (zip.byteLength <= maxBytes) return { head: { zip }, parts: [] };
  const version = createHash('sha256').update(zip).digest('hex').slice(0, 16);
  const parts: Item[] = [];
  for (let from = 0; from < zip.byteLength; from += maxBytes) {
    parts.push({ ...partKey(key, version, parts.length), zip: zip.subarray(from, from + maxBytes) });
  }
  return { head: { version, parts: parts.length }, parts };
}

/**
 * Reads the value that an item stands for. `undefined` where a part is missing: the value was replaced between the
 * two reads, and the caller reads the head anew; or the item holds no value at all.
 */
export async function fromBlob(storage: Storage, head: Item): Promise<unknown> {
  const inline = head['zip'];
  if (inline instanceof Uint8Array) return parse(inline);
  const count = number(head, 'parts');
  if (count === 0) return undefined;
  const parts = await storage.queryAll({
    pk: head.pk,
    ...startingWith(`${head.sk}#${text(head, 'version')}#`),
  });
  const bytes = parts.map((part) => part['zip']).filter((zip) => zip instanceof Uint8Array);
  return bytes.length === count ? parse(Buffer.concat(bytes)) : undefined;
}

async function parse(zip: Uint8Array): Promise<unknown> {
  return JSON.parse((await expand(zip)).toString('utf8'));
}

/** Reads the item at `key` and the value it stands for, as often as it is replaced in between. */
export async function readBlob(storage: Storage, key: Key): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    const head = await storage.get(key);
    if (!head) return undefined;
    const value = await fromBlob(storage, head);
    if (value !== undefined) return value;
    if (attempt === 5) throw new Error(`The parts of ${key.sk} are not whole.`);
  }
}

/** Writes that remove the parts of every other version than `keep` beside the head at `key`. */
export async function staleParts(storage: Storage, key: Key, keep: string | undefined): Promise<Write[]> {
  const items = await storage.queryAll({ ...partRange(key), attributes: [] });
  return items
    .filter((item) => !keep || !item.sk.startsWith(`${key.sk}#${keep}#`))
    .map((remove) => ({ remove }));
}

/** The query that finds a value's parts, whatever their version. */
export function partRange(key: Key): { pk: string; from: string; to: string } {
  return { pk: key.pk, ...startingWith(`${key.sk}#`) };
}
