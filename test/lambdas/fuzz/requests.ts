import type { Json, JsonObject } from '../../../core/model/resource.ts';
import { OPERATIONS } from '../../../lambdas/http/operations.ts';
import { ROUTES, type Route, routeKeyOf } from '../../../lambdas/routes.ts';
import { HOOKS, signature } from './hooks.ts';
import type { Random } from './random.ts';
import { hostile, oddText, spoil } from './spoil.ts';
import type { Values } from './values.ts';
import type { FuzzRequest } from './world.ts';

/** What earlier answers told, so that some requests name what is there. */
export interface Pool {
  cloneId: string[];
  runId: string[];
  cursor: string[];
}

/** Who calls: the keys there are, by how they are shown. */
export interface Keys {
  admin: string;
  limited: string;
}

const SYNCS = ['nightly', 'weekly', 'third'];
const METHODS = ['PATCH', 'OPTIONS', 'HEAD', 'DELETE', 'PUT', 'POST', 'GET', 'TRACE', 'brew'];
/** Routes with more behind them are asked more often. */
const WEIGHTED = ROUTES.flatMap((route) => Array<Route>(weightOf(route)).fill(route));

/** Requests for every route, some right, most of them nearly, some meant to hurt. */
export class Requests {
  readonly #values: Values;
  readonly #pool: Pool;
  readonly #keys: Keys;
  readonly #flowIds: readonly string[];

  constructor(values: Values, pool: Pool, keys: Keys, flowIds: readonly string[]) {
    this.#values = values;
    this.#pool = pool;
    this.#keys = keys;
    this.#flowIds = flowIds;
  }

  make(random: Random): FuzzRequest {
    const route = random.pick(WEIGHTED);
    const method = random.chance(0.04) ? random.pick(METHODS) : route.method;
    const { path, hook } = this.#path(route, random);
    const body = this.#body(route, random);
    const headers: Record<string, string[]> = {};
    for (const [name, values] of this.#headers(random)) headers[name] = values;
    if (hook !== undefined && random.chance(0.7)) {
      for (const [name, value] of Object.entries(signature(hook, body, random))) headers[name] = [value];
      if (random.chance(0.05)) headers[random.pick(Object.keys(headers))] = [oddText(random)];
    }
    const isBase64Encoded = random.chance(0.02) ? random.chance(0.5) : undefined;
    return { method, path: `${path}${this.#query(route, random)}`, headers, body, isBase64Encoded };
  }

  #path({ path }: Route, random: Random): { path: string; hook?: string } {
    if (random.chance(0.03)) return { path: `/${encodeOddly(oddText(random), random)}` };
    let hook: string | undefined;
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
      if (random.chance(0.2)) return encodeOddly(oddText(random), random);
      const known = random.pick(this.#names(name));
      if (name === 'hook') hook = known;
      return known;
    });
    return hook === undefined ? { path: filled } : { path: filled, hook };
  }

  #names(parameter: string): readonly string[] {
    const { cloneId, runId } = this.#pool;
    if (parameter === 'cloneId') return cloneId.length > 0 ? cloneId : ['none'];
    if (parameter === 'runId') return runId.length > 0 ? runId : ['run-000000000-00000000'];
    if (parameter === 'hook') return Object.keys(HOOKS);
    if (parameter === 'sync') return SYNCS;
    return ['acme', 'blueprint', 'second', 'spare', 'spare', 'spare', 'nobody'];
  }

  #query(route: Route, random: Random): string {
    const pairs: string[] = [];
    for (const name of route.query ?? []) {
      const known = {
        limit: ['1', '2', '1000'],
        target: ['acme', 'second'],
        source: ['blueprint'],
        cursor: this.#pool.cursor,
      };
      if (!random.chance(name === 'target' ? 0.95 : 0.4)) continue;
      const good = known[name].length > 0 && random.chance(0.6);
      pairs.push(
        `${name}=${good ? encodeURIComponent(random.pick(known[name])) : encodeOddly(oddText(random), random)}`,
      );
    }
    if (random.chance(0.03))
      pairs.push(...pairs, '=', '&&', `__proto__=${random.int(9)}`, '%ff=%ff', 'limit');
    return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
  }

  *#headers(random: Random): Generator<[string, string[]]> {
    const { admin, limited } = this.#keys;
    const key = random.chance(0.9)
      ? admin
      : random.pick([limited, undefined, '', `${admin},${admin}`, oddText(random)]);
    if (key !== undefined) yield ['x-api-key', [key]];
    const types = [
      'application/json; charset=utf-8',
      'text/plain',
      'application/json, application/json',
      'multipart/form-data; boundary=x',
      '',
    ];
    if (random.chance(0.97)) {
      yield ['content-type', [random.chance(0.95) ? 'application/json' : random.pick(types)]];
    }
    if (random.chance(0.3)) {
      const same = `key-${random.int(50)}`;
      yield [
        'idempotency-key',
        random.chance(0.6) ? [same] : random.chance(0.3) ? [same, same] : [oddText(random)],
      ];
    }
    if (random.chance(0.5)) {
      const prefer = [
        'respond-async',
        'RESPOND-ASYNC; wait=10',
        'wait=99999999999, respond-async',
        ';,;',
        oddText(random),
      ];
      yield ['prefer', [random.pick(prefer)]];
    }
    if (random.chance(0.1))
      yield ['x-request-id', [random.chance(0.5) ? `request-${random.int(99)}` : oddText(random)]];
    if (random.chance(0.05))
      yield [
        random.pick(['content-encoding', 'accept-encoding', 'accept']),
        [random.pick(['gzip', 'identity', 'image/png'])],
      ];
    if (random.chance(0.05)) yield ['cookie', [random.pick(['a=b; c=d', ';', '__proto__=x'])]];
  }

  #body(route: Route, random: Random): Buffer {
    const component = OPERATIONS[routeKeyOf(route)]?.body;
    if (component === undefined) return random.chance(0.1) ? Buffer.from(hostile(random)) : Buffer.alloc(0);
    if (random.chance(0.2)) return Buffer.from(hostile(random));
    const value = this.#value(component, random);
    if (random.chance(0.003)) return swollen(value);
    return Buffer.from(random.chance(0.35) ? JSON.stringify(value) : spoil(value, random));
  }

  /** A right body: as the schema has it, for what is cloned put right, so that it comes further than the door. */
  #value(component: string, random: Random): Json {
    const schema = component === 'anyObject' ? 'cloneRequest' : component;
    const value = this.#values.of(schema, random) as JsonObject;
    if (schema === 'cloneRequest' || schema === 'syncDefinition') {
      value['source'] = { account: 'blueprint', flowIds: [random.pick(this.#flowIds)] };
      if (random.chance(0.5))
        for (const name of ['planFingerprint', 'callbackUrl', 'schedule', 'timezone']) delete value[name];
    }
    if (schema === 'syncDefinition' && random.chance(0.7)) {
      return { source: value['source'] as Json, targets: [{ account: 'acme' }, { account: 'second' }] };
    }
    if (schema === 'cloneRequest') {
      const { activate, run, rateShare } = value;
      value['target'] = { account: random.pick(['acme', 'acme', 'second', 'blueprint', 'nobody']) };
      value['connections'] = random.pick(['match-name', 'stub', 'mapped']);
      value['dryRun'] = component !== 'anyObject' && random.chance(0.6);
      if (random.chance(0.5)) {
        const small = {
          source: value['source'],
          target: value['target'],
          connections: 'match-name',
          dryRun: value['dryRun'],
        };
        return {
          ...small,
          ...(activate === undefined ? {} : { activate }),
          ...(run === undefined ? {} : { run }),
          ...(rateShare === undefined ? {} : { rateShare }),
        };
      }
    }
    return value;
  }
}

/** What takes far more room once it was read: of four characters become twenty-one. */
function swollen(value: Json): Buffer {
  const numbers = `[${Array<string>(50_000).fill('1e20').join()}]`;
  const text = JSON.stringify({ ...(value as JsonObject), overrides: 'here', targets: undefined });
  const override = `[{"select":{"name":"x"},"patch":[{"op":"add","path":"/x","value":${numbers}}]}]`;
  return Buffer.from(
    'targets' in Object(value)
      ? text.replace('"overrides":"here"', `"targets":[{"account":"acme","overrides":${override}}]`)
      : text.replace('"here"', override),
  );
}

/** Percent-encoded well, badly, twice or not at all; always something that a request line can hold. */
function encodeOddly(text: string, random: Random): string {
  const encoded = encodeURIComponent(text.toWellFormed());
  switch (random.int(6)) {
    case 0:
      return encoded.replaceAll('%', '%25');
    case 1:
      return [...Buffer.from(text)]
        .map((byte) => `%${byte.toString(16).padStart(2, '0')}`)
        .join('')
        .slice(0, 6_000);
    case 2:
      return random.pick([
        '%',
        '%2e%2e',
        '%00',
        '%ff',
        '%c0%af',
        '%ud800',
        '%2F',
        '..',
        '.',
        '%ED%A0%80',
        '+',
        ';x',
      ]);
    default:
      return encoded;
  }
}

function weightOf(route: Route): number {
  const heavy: Readonly<Record<string, number>> = {
    'POST /clone': 8,
    'POST /webhooks/{hook}': 6,
    'PUT /syncs/{sync}': 4,
    'PUT /accounts/{account}': 3,
  };
  return heavy[routeKeyOf(route)] ?? 1;
}
