import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type JsonObject, RESOURCE_TYPES } from '../../../core/model/resource.ts';
import {
  comparable,
  forCreate,
  leftovers,
  referencesOf,
  rewrite,
  SAMPLE_FIELDS,
} from '../../../core/references/index.ts';
import { mapped } from './ids.ts';

/** Ids of the closure, none of which another maps to. */
const SOURCE_IDS = Array.from({ length: 8 }, (_, index) => `5f${'c0ffee'.repeat(3)}a1b${index}`);
const SOURCE = new Set(SOURCE_IDS);
const BACK = new Map(SOURCE_IDS.map((id) => [mapped(id), id]));

const id = fc.constantFrom(...SOURCE_IDS);
const text = fc.oneof(
  fc.string(),
  id.map((known) => `/v1/exports/${known}/data`),
  fc.tuple(fc.string(), id, fc.string()).map(([before, known, after]) => `${before} ${known},${after}`),
);
/** Strings that hold the characters of an id without holding the id. */
const lookalike = fc.oneof(
  id.map((known) => `${known}0f`),
  id.map((known) => `key${known}`),
  id.map((known) => known.toUpperCase()),
);
const reference = fc.constantFrom(
  '_exportId',
  '_importId',
  '_connectionId',
  '_flowId',
  '_scriptId',
  '_toolId',
);
const never = fc.constantFrom(
  '_sourceId',
  '_httpConnectorId',
  'nextRouterId',
  '_tpConnectorId',
  ...SAMPLE_FIELDS,
);
const name = fc.oneof(
  fc.string({ maxLength: 6 }),
  id,
  fc.constantFrom('routers', 'http', 'aliases', '__proto__'),
);

/** A document as JSON.parse gives it: with references, ids in text and names, and look-alikes, at any depth. */
const documents = fc
  .letrec<{ value: unknown; object: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.oneof(text, lookalike, fc.integer(), fc.boolean(), fc.constant(null)),
      fc.array(tie('value'), { maxLength: 3 }),
      tie('object'),
    ),
    object: fc
      .tuple(
        fc.array(fc.tuple(name, tie('value')), { maxLength: 3 }),
        fc.array(fc.tuple(reference, id), { maxLength: 2 }),
        fc.array(fc.tuple(never, fc.oneof(id, text)), { maxLength: 2 }),
      )
      .map((members) => Object.fromEntries(members.flat())),
  }))
  .object.map((object) => JSON.parse(JSON.stringify(object)) as JsonObject);
const cases = fc.record({ type: fc.constantFrom(...RESOURCE_TYPES), document: documents });

/** A document without what is never rewritten, as text. */
function rewritable(document: JsonObject): string {
  const skipped = new Set<string>([
    '_sourceId',
    '_httpConnectorId',
    'nextRouterId',
    '_tpConnectorId',
    ...SAMPLE_FIELDS,
  ]);
  return JSON.stringify(document, (key, value: unknown) => (skipped.has(key) ? undefined : value));
}

describe('Whatever the document', () => {
  test('the identity map changes nothing, byte for byte', () => {
    fc.assert(
      fc.property(cases, ({ type, document }) => {
        const { document: result, rewritten } = rewrite(type, document, (known) => known);

        expect(JSON.stringify(result)).toBe(JSON.stringify(document));
        expect(rewritten).toEqual([]);
      }),
    );
  });

  test('no id of the source survives', () => {
    fc.assert(
      fc.property(cases, ({ type, document }) => {
        const { document: result } = rewrite(type, document, mapped);

        expect(leftovers(type, result, SOURCE)).toEqual([]);
        // Independent of the scan: as a whole word, none is left in the text of the document.
        for (const known of SOURCE_IDS) expect(rewritable(result)).not.toMatch(new RegExp(`\\b${known}\\b`));
      }),
    );
  });

  test('everything that is no id is untouched: the way back gives the same bytes', () => {
    fc.assert(
      fc.property(cases, ({ type, document }) => {
        const there = rewrite(type, document, mapped).document;
        const back = rewrite(type, there, (known) => BACK.get(known)).document;

        expect(JSON.stringify(back)).toBe(JSON.stringify(document));
      }),
    );
  });

  test('ids within longer strings and in places that are never references stay', () => {
    fc.assert(
      fc.property(cases, never, lookalike, id, ({ type, document }, field, longer, known) => {
        const before = { ...document, settings: { longer, [field]: known } };

        const { document: after } = rewrite(type, before, mapped);

        expect(after['settings']).toEqual(before.settings);
      }),
    );
  });

  test('references are as many after rewriting, in the same places', () => {
    fc.assert(
      fc.property(cases, ({ type, document }) => {
        const { document: result } = rewrite(type, document, (known) => BACK.get(known) ?? known);

        expect(referencesOf(type, result)).toEqual(referencesOf(type, document));
      }),
    );
  });

  test('the input is never modified, and nobody else’s prototype either', () => {
    fc.assert(
      fc.property(cases, ({ type, document }) => {
        const before = JSON.stringify(document);

        rewrite(type, document, mapped);
        forCreate(type, document, { copySampleData: true });
        comparable(type, document);

        expect(JSON.stringify(document)).toBe(before);
        expect(Object.keys(Object.prototype)).toEqual([]);
      }),
    );
  });

  test('the comparable form does not depend on the order of members, and is its own comparable form', () => {
    fc.assert(
      fc.property(cases, ({ type, document }) => {
        const reversed = Object.fromEntries(Object.entries(document).reverse()) as JsonObject;
        const form = comparable(type, document);

        expect(JSON.stringify(comparable(type, reversed))).toBe(JSON.stringify(form));
        expect(JSON.stringify(comparable(type, form))).toBe(JSON.stringify(form));
      }),
    );
  });
});
