import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startWhole, type Whole } from './whole.ts';

describe('the way of one request through the logs', () => {
  let whole: Whole;
  beforeAll(async () => {
    whole = await startWhole();
  });
  afterAll(() => whole.close());

  test('the lines of the door and of the worker carry the id that the caller gave the request', async () => {
    // Prepare
    const requestId = 'order-4711';
    const blueprint = await whole.call('/accounts/blueprint/flows');
    const { flows } = blueprint.body as unknown as { flows: { id: string }[] };

    // Act
    const { status, body } = await whole.clone(
      {
        source: { account: 'blueprint', flowIds: [flows[0]?.id] },
        target: { account: 'acme' },
        connections: 'match-name',
      },
      { 'x-request-id': requestId },
    );

    // Assess
    expect(status).toBe(201);
    const lines = whole
      .logged()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const own = lines.filter((line) => line['requestId'] === requestId);
    expect(own.map(({ message }) => message)).toEqual(expect.arrayContaining(['request', 'clone ended']));
    for (const line of lines.filter(({ cloneId }) => cloneId === body.cloneId)) {
      expect(line['requestId']).toBe(requestId);
    }
  });
});
