import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Doors, FLOW_ID, startDoors } from './doors.ts';

describe('a cursor that no page handed out', () => {
  let doors: Doors;
  let cloneId: string;
  beforeAll(async () => {
    doors = await startDoors();
    const flows = { account: 'blueprint', flowIds: [FLOW_ID] };
    const request = { source: flows, target: { account: 'acme' }, connections: 'match-name' };
    cloneId = String((await doors.call('POST', '/clone', request)).body.cloneId);
    await doors.call('PUT', '/syncs/nightly', { source: flows, targets: [{ account: 'acme' }] });
  }, 60_000);
  afterAll(() => doors.close());

  test.each([
    '/clones?target=acme&',
    '/clones/{cloneId}/actions?',
    '/accounts/blueprint/flows?',
    '/syncs?',
    '/syncs/nightly/runs?',
  ])('is the same problem at the same place in every list: %s', async (list) => {
    for (const cursor of ['xyz', 'y'.repeat(5_000), '']) {
      const answer = await doors.call('GET', `${list.replace('{cloneId}', cloneId)}cursor=${cursor}`);

      expect(answer).toMatchObject({
        status: 422,
        body: {
          code: 'invalid_request',
          errors: [
            {
              code: 'invalid_request',
              message: 'must be the "next" of an earlier page',
              path: '/query/cursor',
            },
          ],
        },
      });
      expect(answer.body.errors).toHaveLength(1);
    }
  });
});
