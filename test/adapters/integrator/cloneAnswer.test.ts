import { expect, test } from '@jest/globals';
import { normaliseCloneAnswer } from '../../../adapters/integrator/clone-answer.ts';

test.each([
  ['a document', { _id: 'a', name: 'x', disabled: true }, [{ type: 'flow', id: 'a', name: 'x' }]],
  ['a document in an envelope', { resource: { _id: 'a' } }, [{ type: 'flow', id: 'a' }]],
  [
    'a manifest',
    [
      { model: 'Flow', _id: 'a' },
      { model: 'FileDefinition', _id: 'b', name: 'x' },
    ],
    [
      { type: 'flow', id: 'a' },
      { type: 'filedefinition', id: 'b', name: 'x' },
    ],
  ],
  ['an integration in install mode', { _integrationId: 'i' }, [{ type: 'integration', id: 'i' }]],
])('%s becomes a list of what was made', (_, answer, created) => {
  expect(normaliseCloneAnswer('flow', answer)).toEqual({ created });
});

test.each([null, 'text', 7, {}, [], [{ _id: 'a' }], [{ model: 'Flow' }], [null], { resource: null }])(
  '%j is no answer of a clone',
  (answer) => {
    expect(normaliseCloneAnswer('flow', answer)).toBeUndefined();
  },
);
