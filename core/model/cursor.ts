import { FlowferryError } from './problem.ts';

/** The error for a cursor of a list that no page of it handed out: `invalid_request`, at the query's `cursor`. */
export function unknownCursor(): FlowferryError {
  const problem = {
    code: 'invalid_request',
    message: 'must be the "next" of an earlier page',
    path: '/query/cursor',
  };
  return new FlowferryError(
    'invalid_request',
    'The query parameter "cursor" must be the "next" of an earlier page.',
    { problems: [problem] },
  );
}
