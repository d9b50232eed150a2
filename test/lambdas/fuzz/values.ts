import type { Json, JsonObject } from '../../../core/model/resource.ts';
import type { Random } from './random.ts';

/** What a generated value may refer to, so that some requests do real work. */
export interface Known {
  accounts: readonly string[];
  /** Ids of the blueprint's resources. */
  ids: readonly string[];
  tokens: readonly string[];
  /** Shares of an account's rate: small ones make slow clones. */
  rateShares: readonly number[];
  /** The origin under which the stand-in of integrator.io answers. */
  origin: string;
}

/** Values that fit a schema of the OpenAPI document. */
export class Values {
  readonly #document: JsonObject;
  readonly #known: Known;

  constructor(document: JsonObject, known: Known) {
    this.#document = document;
    this.#known = known;
  }

  /** A value of the component of this name. */
  of(component: string, random: Random): Json {
    return this.#make({ $ref: `#/components/schemas/${component}` }, random, 0);
  }

  #make(schema: JsonObject, random: Random, depth: number): Json {
    const resolved = this.#resolve(schema);
    const alternatives = (resolved['anyOf'] ?? resolved['oneOf']) as JsonObject[] | undefined;
    if (alternatives) return this.#make(random.pick(alternatives), random, depth + 1);
    if (resolved['const'] !== undefined) return resolved['const'];
    if (Array.isArray(resolved['enum'])) return random.pick(resolved['enum']);
    switch (resolved['type']) {
      case 'object':
        return this.#object(resolved, random, depth);
      case 'array':
        return this.#array(resolved, random, depth);
      case 'string':
        return this.#string(resolved, random);
      case 'boolean':
        return random.chance(0.5);
      case 'integer':
        return random.int(20);
      case 'number':
        return random.pick(this.#known.rateShares);
      default:
        return random.pick<Json>([null, 'text', 0, 1e20, true, [], {}, { a: [1] }]);
    }
  }

  #resolve(schema: JsonObject): JsonObject {
    const reference = schema['$ref'];
    if (typeof reference !== 'string') return schema;
    const found = reference
      .slice('#/'.length)
      .split('/')
      .reduce<Json | undefined>((node, name) => (node as JsonObject)[name], this.#document);
    return this.#resolve(found as JsonObject);
  }

  #object(schema: JsonObject, random: Random, depth: number): JsonObject {
    const members: [string, Json][] = [];
    const required = (schema['required'] ?? []) as string[];
    // The deeper, the fewer: values end.
    const share = depth === 0 ? 0.2 : 0.5;
    for (const [name, member] of Object.entries((schema['properties'] ?? {}) as JsonObject)) {
      if (required.includes(name) || random.chance(share)) {
        members.push([name, this.#make(member as JsonObject, random, depth + 1)]);
      }
    }
    const { propertyNames, additionalProperties } = schema;
    if (propertyNames && additionalProperties && depth < 8) {
      for (let count = random.int(3); count > 0; count -= 1) {
        const name = String(this.#make(propertyNames as JsonObject, random, depth + 1));
        members.push([name, this.#make(additionalProperties as JsonObject, random, depth + 1)]);
      }
    }
    return Object.fromEntries(members);
  }

  #array(schema: JsonObject, random: Random, depth: number): Json[] {
    const least = Number(schema['minItems'] ?? 0);
    const length = depth > 8 ? least : Math.max(least, 1 + random.int(2));
    const items = (schema['items'] ?? {}) as JsonObject;
    return Array.from({ length }, () => this.#make(items, random, depth + 1));
  }

  #string(schema: JsonObject, random: Random): string {
    const { pattern = '', format } = schema;
    const { accounts, ids, tokens, origin } = this.#known;
    if (format === 'uri') return random.pick([origin, origin, 'https://hooks.invalid/x', 'https://10.0.0.1']);
    if (format === 'date-time')
      return random.pick(['2026-01-01T00:00:00Z', '0000-02-29T23:59:59.999999999+23:59']);
    if (pattern === '^[0-9a-f]{24}$') return random.chance(0.8) ? random.pick(ids) : 'f'.repeat(24);
    if (String(pattern).startsWith('^[a-z0-9]')) return random.pick(accounts);
    if (String(pattern).startsWith('^[\\x21')) return random.pick([...tokens, 'no-such-token']);
    if (String(pattern).includes('~'))
      return random.pick([
        '/name',
        '/http/relativeURI',
        '',
        '/-',
        '/pageProcessors/-',
        '/~0~1',
        '/__proto__/x',
      ]);
    return random.pick(['Get orders', 'rate(1 hour)', 'cron(0 3 * * ? *)', 'Europe/Berlin', 'UTC', 'x', ' ']);
  }
}
