import { describe, expect, test } from '@jest/globals';
import type { Document, JsonObject, ResourceType } from '../../../core/model/resource.ts';
import type { Account } from '../../../core/ports.ts';
import { idOf } from '../references/ids.ts';
import {
  account,
  type Documents,
  exporting,
  flow,
  integration,
  script,
  startWorld,
  type World,
} from './world.ts';

const documents = (): Documents =>
  account({
    integrations: [integration(1, { flowGroupings: [{ _id: idOf('flowgrouping'), name: 'Nightly' }] })],
    flows: [
      flow(1, { _flowGroupingId: idOf('flowgrouping'), _runNextFlowIds: [idOf('flow', 2)], settings: null }),
      flow(2, { _runNextFlowIds: [idOf('flow', 1)], description: '' }),
    ],
    exports: [
      exporting(1, { hooks: { preSavePage: { _scriptId: idOf('script'), function: 'f' } }, delta: {} }),
    ],
    scripts: [script(1, `run('${idOf('export')}')`)],
  });

/** What a server of another mind answers to a write; what it stores is the same. */
type Mind = (answer: Document, type: ResourceType) => Document;

const MINDS: [string, Mind][] = [
  ['only the id', ({ _id }) => ({ _id })],
  ['the id and when', ({ _id, lastModified }) => ({ _id, lastModified })],
  [
    'integrations without the ids of their groups',
    (answer) => {
      const groups = answer['flowGroupings'];
      return Array.isArray(groups)
        ? { ...answer, flowGroupings: (groups as JsonObject[]).map(({ name }) => ({ name })) }
        : answer;
    },
  ],
  [
    'scripts without their content',
    (answer) => {
      const { content: _, ...rest } = answer;
      return rest;
    },
  ],
  [
    'members of its own, at any depth',
    (answer) => ({
      ...answer,
      __v: 3,
      _userId: '6'.repeat(24),
      ...(typeof answer['http'] === 'object'
        ? { http: { ...(answer['http'] as JsonObject), formType: 'http', isRest: false } }
        : {}),
    }),
  ],
  [
    'stamps of its own that come and go',
    (answer, type) => (type === 'flow' || type === 'integration' ? { ...answer, stamped: 'now' } : answer),
  ],
  [
    'nothing that is null or empty',
    (answer) =>
      JSON.parse(
        JSON.stringify(answer, (_, value: unknown) => {
          const isEmpty = value === null || (Array.isArray(value) && value.length === 0);
          return isEmpty ? undefined : value;
        }),
      ) as Document,
  ],
];

/** The target as such a server. */
function minded(world: World, mind: Mind): void {
  const open = world.ports.accounts.open.bind(world.ports.accounts);
  world.ports.accounts.open = async (name, options) => {
    const account = await open(name, options);
    if (name !== 'acme') return account;
    return new Proxy(account, {
      get(target, member) {
        if (member === 'create') {
          return async (...args: Parameters<Account['create']>) =>
            mind(await target.create(...args), args[0]);
        }
        if (member === 'replace') {
          return async (...args: Parameters<Account['replace']>) =>
            mind(await target.replace(...args), args[0]);
        }
        const value: unknown = Reflect.get(target, member);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  };
}

describe('A server that answers a write with', () => {
  test.each(MINDS)('%s, is written to whole and once', async (_, mind) => {
    await using world = await startWorld(documents());
    minded(world, mind);

    const state = await world.clone(world.request({ activate: true }));

    expect(state.errors).toEqual([]);
    expect(state.status).toBe('succeeded');
    const [group] = world.copyOf(state, idOf('integration'))['flowGroupings'] as Document[];
    expect(world.copyOf(state, idOf('flow'))).toMatchObject({ _flowGroupingId: group?._id, disabled: false });
    world.sandbox.resetCalls();
    const second = await world.clone(world.request());
    expect(second.idMap).toEqual(state.idMap);
    expect(world.writes()).toEqual([]);
  });

  test('something else than was sent, is not woken: the clone fails and is undone', async () => {
    await using world = await startWorld(documents());
    const before = world.sandbox.documents('acme').length;
    world.sandbox.faults.clear();
    const open = world.ports.accounts.open.bind(world.ports.accounts);
    world.ports.accounts.open = async (name, options) => {
      const account = await open(name, options);
      if (name !== 'acme') return account;
      return new Proxy(account, {
        get(target, member) {
          if (member === 'create') {
            return async (type: ResourceType, body: JsonObject) => {
              if (type !== 'import') return target.create(type, body);
              return target.create(type, {
                ...body,
                http: { method: ['POST'], relativeURI: ['/elsewhere'] },
              });
            };
          }
          const value: unknown = Reflect.get(target, member);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
    };

    const state = await world.clone(world.request({ activate: true }));

    expect(state.status).toBe('rolled-back');
    expect(state.errors).toMatchObject([
      {
        code: 'verification_failed',
        type: 'import',
        sourceId: idOf('import'),
        path: expect.stringMatching(/^\/http/),
      },
    ]);
    expect(world.sandbox.documents('acme')).toHaveLength(before);
    expect(world.writes().filter(({ method }) => method === 'PATCH')).toEqual([]);
  });
});
