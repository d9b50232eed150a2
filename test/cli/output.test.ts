import { describe, expect, test } from '@jest/globals';
import { EXIT, exitOfProblem, exitOfState } from '../../cli/exit.ts';
import { stateLines } from '../../cli/output/clone.ts';
import { progressView } from '../../cli/output/progress.ts';
import type { CloneState } from '../../cli/output/state.ts';
import { table } from '../../cli/output/table.ts';

function stateOf(more: Partial<CloneState>): CloneState {
  return {
    cloneId: 'c1',
    status: 'succeeded',
    source: { account: 'blueprint' },
    target: { account: 'acme' },
    warnings: [],
    errors: [],
    progress: { stage: 'done', done: 0, pending: 0 },
    pendingAuthorizations: [],
    stats: { apiCalls: { source: 1, target: 2 }, retries: 0, rateLimited: 0, durationMs: 400 },
    ...more,
  };
}

describe('a table', () => {
  const columns = [{ title: 'id' }, { title: 'name', flexible: true }, { title: 'end' }];

  test('Its flexible column gives way to the width of the terminal, and to nothing else.', () => {
    const rows = [['1', 'a name that is much too long for it', 'x']];

    expect(table(columns, rows, 24)).toEqual(['ID  NAME             END', '1   a name that is…  x']);
    expect(table(columns, rows, undefined)[1]).toContain('a name that is much too long for it');
  });

  test('A name can neither break its line nor steer the terminal.', () => {
    const [, row] = table(columns, [['1', 'a\u001b[2Jb\r\nc\u202ed', 'x']], undefined);

    expect(row).toBe('1   a [2Jb c d  x');
  });
});

describe('progress', () => {
  const progress = { stage: 'applying', done: 1, pending: 2, secondsLeft: 0.2 } as const;

  test('On a terminal it is one live line, which goes before anything else is written.', () => {
    let text = '';
    const err = (more: string) => {
      text += more;
    };
    const view = progressView({ err, isWatched: true }, { quiet: false });

    view.show(progress);
    view.say('Stopping.');
    view.end();

    expect(text).toBe('\r\u001b[2Kapplying 1/3, about 1 s left\r\u001b[2KStopping.\n');
  });

  test('Elsewhere it is a line a stage, and nothing where nobody wants it.', () => {
    let text = '';
    const err = (more: string) => {
      text += more;
    };
    const io = { err, isWatched: false };
    const [loud, quiet] = [progressView(io, { quiet: false }), progressView(io, { quiet: true })];

    for (const view of [loud, quiet]) {
      view.show(progress);
      view.show({ ...progress, done: 2 });
      view.show({ stage: 'waking', done: 3, pending: 0 });
    }

    expect(text).toBe('applying 1/3, about 1 s left\nwaking 3/3\n');
  });
});

describe('the end of a clone', () => {
  const plan = {
    fingerprint: 'f',
    counts: { create: 1, update: 0, reuse: 0, unchanged: 0 },
    cost: { source: { calls: 1 }, target: { calls: 1 }, seconds: 0 },
  };

  test.each([
    ['succeeded', {}, EXIT.done],
    ['waiting', {}, EXIT.partial],
    ['partial', {}, EXIT.partial],
    ['rolled-back', {}, EXIT.rolledBack],
    ['failed', { plan, actions: [], errors: [{ code: 'upstream_failed', message: '' }] }, EXIT.error],
    ['failed', { plan, errors: [{ code: 'connection_unmapped', message: '' }] }, EXIT.blocked],
    ['failed', { errors: [{ code: 'clone_in_progress', message: '' }] }, EXIT.blocked],
    ['failed', { errors: [{ code: 'account_unauthorized', message: '' }] }, EXIT.error],
  ] as const)('%s with %j', (status, more, code) => {
    expect(exitOfState(stateOf({ status, ...more } as Partial<CloneState>))).toBe(code);
  });

  test('A problem that carries a clone ends as the clone did, never well.', () => {
    expect(exitOfProblem({ code: 'upstream_failed', clone: stateOf({ status: 'rolled-back' }) })).toBe(
      EXIT.rolledBack,
    );
    expect(exitOfProblem({ code: 'upstream_failed', clone: stateOf({}) })).toBe(EXIT.error);
    expect(exitOfProblem({ code: 'clone_in_progress' })).toBe(EXIT.blocked);
    expect(exitOfProblem({ code: 'invalid_request' })).toBe(EXIT.usage);
  });

  test('What the customer must authorise and where webhooks must be sent stands in it.', () => {
    const told = stateLines(
      stateOf({
        status: 'waiting',
        plan,
        flows: [
          {
            sourceId: 'a',
            targetId: 'b',
            name: 'Hooked',
            disabled: true,
            webhookUrls: ['https://new.example/1'],
          },
        ],
        pendingAuthorizations: [{ connectionId: 'k', name: 'Shop' }],
      }),
      undefined,
    );

    expect(told).toEqual(
      expect.arrayContaining(['  Hooked: https://new.example/1', '  k "Shop"', 'Then: flowferry resume c1']),
    );
  });

  test('A clone too large for one answer says where its actions are.', () => {
    const told = stateLines(stateOf({ plan, next: '/clones/c1/actions' }), undefined);

    expect(told).toContain('its actions are many: flowferry status c1 --actions');
  });
});
