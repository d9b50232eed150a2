import { afterEach, describe, expect, test } from '@jest/globals';
import { problemsOf } from '../../../core/clone/record.ts';
import { FlowferryError } from '../../../core/model/problem.ts';
import { idOf } from '../references/ids.ts';
import { startWorld, type World } from './world.ts';

let world: World;
afterEach(async () => world?.[Symbol.asyncDispose]());

describe('a clone that integrator.io does not let happen', () => {
  test.each(['blueprint', 'acme'])(
    'says by our code that the token of %s was refused, and whose',
    async (name) => {
      world = await startWorld();
      world.sandbox.faults.add({ account: name, always: true, effect: 'status', status: 401 });

      const { status, errors } = await world.clone(world.request());

      expect([status, errors[0]?.code]).toEqual(['failed', 'account_unauthorized']);
      expect(errors[0]?.message).toContain(`in the account "${name}" (401)`);
      expect(errors.map(({ code }) => code)).not.toContain('http_401');
    },
  );

  test('says so too where the token is refused while it writes', async () => {
    world = await startWorld();
    world.sandbox.faults.add({
      account: 'acme',
      method: 'POST',
      always: true,
      effect: 'status',
      status: 401,
    });

    const { errors } = await world.clone(world.request({ onFailure: 'keep' }));

    expect(errors[0]).toMatchObject({ code: 'account_unauthorized' });
    expect(errors[0]?.message).toContain('in the account "acme" (401)');
  });

  test('tells our code first, then what integrator.io said, in its own words and at its own place', async () => {
    world = await startWorld();
    world.sandbox.faults.add({
      account: 'acme',
      method: 'POST',
      path: /flows/,
      effect: 'status',
      status: 422,
      code: 'invalid_value',
    });

    const { errors } = await world.clone(world.request());

    const place = { type: 'flow', sourceId: idOf('flow') };
    expect(errors).toMatchObject([
      { code: 'upstream_failed', ...place },
      { code: 'invalid_value', ...place },
    ]);
    expect(errors[0]?.message).toMatch(
      /^integrator.io refused POST \/v1\/flows in the account "acme" \(422\)/,
    );
  });
});

describe('what an error comes to in the errors of a clone', () => {
  test('keeps the resource that its problems name, also on the entry of our own', () => {
    const place = { type: 'import', sourceId: '5f0000000000000000000001' } as const;
    const error = new FlowferryError('refused', 'integrator.io refused it.', {
      problems: [{ code: 'invalid_value', message: 'too long', path: '/name', ...place }],
    });

    expect(problemsOf(error)).toEqual([
      { code: 'upstream_failed', message: 'integrator.io refused it.', ...place },
      { code: 'invalid_value', message: 'too long', path: '/name', ...place },
    ]);
  });

  test('is told once where a problem only repeats it', () => {
    const place = { type: 'import', sourceId: '5f0000000000000000000001' } as const;
    const message = 'the answer was lost';
    const error = new FlowferryError('answer_lost', message, {
      problems: [{ code: 'answer_lost', message, ...place }],
    });

    expect(problemsOf(error)).toEqual([{ code: 'upstream_failed', message, ...place }]);
  });
});
