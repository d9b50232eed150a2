import { gzipSync } from 'node:zlib';
import type { Json, JsonObject } from '../../../core/model/resource.ts';
import type { Random } from './random.ts';

/** Stands in a document for text that no serializer writes. */
const RAW = /"raw:([^"]*)"/g;

/** Numbers that only a text can hold. */
const NUMBERS = [
  '1e400',
  '-1e400',
  '-0',
  '1e-400',
  '5e-324',
  '1e-9',
  '9007199254740993',
  '1e21',
  '01',
  'NaN',
];

/** Values that have broken parsers, maps, patterns and arithmetic before. */
const AWKWARD: readonly Json[] = [
  null,
  true,
  '',
  ' ',
  '__proto__',
  'constructor',
  'toString',
  '../..',
  '%2e%2e',
  'a#b',
  '\u0000',
  '\ud800',
  '\udfff\ud800',
  '\u202e\ufeff',
  'ＡＣＭＥ',
  -1,
  0,
  1.5,
  1e-9,
  5e-324,
  1e308,
  2 ** 53,
  [],
  {},
  [[[]]],
  ['', null],
  { $jmespath: '@' },
  'f'.repeat(23),
  'F'.repeat(24),
  `${'f'.repeat(24)}\n`,
];

/** What one may do to a document so that it is nearly what it was, as the text of a body. */
export function spoil(value: Json, random: Random): string {
  const document = structuredClone(value);
  for (let count = 1 + random.int(3); count > 0; count -= 1) spoilOnce(document, random);
  const text = JSON.stringify(document).replace(RAW, '$1');
  if (random.chance(0.1)) return text.replace(/^\{/, () => duplicate(document, random));
  return text;
}

function spoilOnce(document: Json, random: Random): void {
  const place = random.pick(containersOf(document));
  if (place === undefined) return;
  const names = Object.keys(place);
  const name = names.length > 0 ? random.pick(names) : 'new';
  const member = Reflect.get(place, name) as Json;
  const change = random.pick(CHANGES);
  change({ place, name, member, random });
}

interface Spot {
  place: JsonObject | Json[];
  name: string;
  member: Json;
  random: Random;
}

const CHANGES: readonly ((spot: Spot) => void)[] = [
  ({ place, name }) => {
    if (Array.isArray(place)) place.pop();
    else delete place[name];
  },
  ({ place, random }) => {
    define(place, random.pick(['unknown', '__proto__', 'constructor', 'prototype', '', '\ud800']), 1);
  },
  ({ place, name, member }) => define(place, name, [member]),
  ({ place, name, random }) => define(place, name, `raw:${random.pick(NUMBERS)}`),
  ({ place, name, member, random }) => {
    define(place, `${name}${random.pick(['', ' ', '\u0000', 's', '\ud800'])}`, member);
  },
  ({ place, name, member, random }) => {
    const isLong = random.chance(0.05);
    define(place, name, isLong ? 'x'.repeat(1 + random.int(200_000)) : { [name]: member });
  },
  ({ place, name, random }) => {
    define(place, name, random.chance(0.1) ? Array.from({ length: 10_001 }, () => 'aaa') : []);
  },
  ({ place, name, random }) => define(place, name, random.pick(AWKWARD)),
];

function containersOf(document: Json): (JsonObject | Json[])[] {
  if (typeof document !== 'object' || document === null) return [];
  return [document, ...Object.values(document).flatMap((value) => containersOf(value ?? null))];
}

/** A value of its own, lest a later change reaches it in two places; also under the name of `__proto__`. */
function define(place: object, name: string, given: Json): void {
  const value = structuredClone(given);
  if (Array.isArray(place) && !/^\d+$/.test(name)) place.push(value);
  else Object.defineProperty(place, name, { value, enumerable: true, configurable: true, writable: true });
}

function duplicate(document: Json, random: Random): string {
  const names = Object.keys(Object(document));
  return names.length === 0
    ? '{'
    : `{${JSON.stringify(random.pick(names))}:${JSON.stringify(random.pick(AWKWARD))},`;
}

const LIMIT = 256 * 1024;

/** Bodies that no schema knows. */
const HOSTILE: readonly ((random: Random) => string | Buffer)[] = [
  () => '',
  () => 'null',
  () => '[]',
  () => '"text"',
  () => '{',
  () => '{"a":1}{"a":2}',
  () => "{'a': 1}",
  () => 'undefined',
  () => '\ufeff{}',
  () => '{"__proto__":{"admin":true}}',
  () => Buffer.from('{"source":"\xff\xfe"}', 'latin1'),
  () => Buffer.from('{}', 'utf16le'),
  () => gzipSync('{}'),
  (random) => random.bytes(1 + random.int(64)),
  (random) => JSON.stringify(random.pick(AWKWARD)),
  (random) => JSON.stringify({ [String(random.pick(AWKWARD))]: random.pick(AWKWARD) }),
];

/** The same, where each costs as much as a thousand others. */
const HEAVY: readonly ((random: Random) => string | Buffer)[] = [
  () => `${'['.repeat(10_000)}${']'.repeat(10_000)}`,
  () => `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
  () => `{"source":${'['.repeat(101)}${']'.repeat(101)}}`,
  () => `{"overrides":[${'{"__proto__":1},'.repeat(15_000)}{}]}`,
  () => `{"${'k'.repeat(100_000)}":[${'{"__proto__":1},'.repeat(9_000)}{}]}`,
  () => `{"idMap":{${Array.from({ length: 9_000 }, (_, index) => `"key-${index}":"value"`).join()}}}`,
  () => `{${Array.from({ length: 15_000 }, (_, index) => `"key-${index}":1`).join()}}`,
  () => `{"${'\\u0001'.repeat(40_000)}":1}`,
  () => `${' '.repeat(LIMIT - 2)}{}`,
  () => `${' '.repeat(LIMIT - 1)}{}`,
  () => 'x'.repeat(1_000_000),
];

/** A body meant to hurt. */
export function hostile(random: Random): string | Buffer {
  return random.pick(random.chance(0.03) ? HEAVY : HOSTILE)(random);
}

/** A text for a path, a query or a header, that nobody would think of. */
export function oddText(random: Random): string {
  return random.pick(ODD_TEXTS);
}

const ODD_TEXTS = [
  '',
  ' ',
  '-1',
  '0',
  'NaN',
  'Infinity',
  '1e3',
  '0x10',
  '1001',
  '99999999999999999999',
  'null',
  '__proto__',
  'constructor',
  'a#b',
  'id#',
  '..',
  '../../health',
  '*',
  "' or 1=1 --",
  '\u0000',
  '\r\nx-injected: 1',
  '\ud800',
  '\u{1f600}',
  'a'.repeat(2_000),
  '\u00ff'.repeat(1_200),
  Buffer.from('id#').toString('base64url'),
  Buffer.from('at#').toString('base64url'),
  Buffer.from(`id#${'\u20ac'.repeat(900)}`).toString('base64url'),
  Buffer.from(`at#${'\u20ac'.repeat(900)}`).toString('base64url'),
];
