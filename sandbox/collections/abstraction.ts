import { type Fields, isNothing, objectsAt } from '../documents.ts';
import type { Problems } from '../errors.ts';
import { isObjectId, randomHex } from '../ids.ts';
import type { Write } from './rules.ts';

/** An abstract flow must use routers: page processors at its top become the only branch of one. */
export function wrapProcessors(flow: Fields): void {
  flow['routers'] = [
    { id: randomHex(11), branches: [{ name: 'Branch 1.0', pageProcessors: flow['pageProcessors'] }] },
  ];
  delete flow['pageProcessors'];
}

/** What holds for abstract flows and for their instances. */
export function checkAbstraction({ account, document, existing }: Write, problems: Problems): void {
  const store = account.store('flows');
  const abstractId = document['_abstractFlowId'];
  if (existing && !isNothing(existing['_abstractFlowId']) && abstractId !== existing['_abstractFlowId']) {
    problems.add('invalid_value', 'The abstract flow of an instance can not be changed.', '_abstractFlowId');
  }
  if (isObjectId(abstractId)) {
    const abstract = store.get(abstractId);
    if (abstract && abstract['isAbstract'] !== true) {
      problems.add('invalid_ref', 'The flow is not abstract.', '_abstractFlowId');
    }
    for (const part of ['pageGenerators', 'pageProcessors', 'routers']) {
      if (objectsAt(document, part).length > 0) {
        problems.add('invalid_request', `An instance has no ${part} of its own.`, part);
      }
    }
  }
  if (existing?.['isAbstract'] === true && document['isAbstract'] !== true) {
    for (const flow of store.documents()) {
      if (flow['_abstractFlowId'] !== existing._id) continue;
      problems.add('invalid_request', 'The flow has instances and must stay abstract.', 'isAbstract');
      break;
    }
  }
  const next = document['_runNextFlowIds'];
  if (!Array.isArray(next)) return;
  for (const [index, id] of next.entries()) {
    if (isObjectId(id) && store.get(id)?.['isAbstract'] === true) {
      problems.add('invalid_value', 'An abstract flow can not be run next.', `_runNextFlowIds[${index}]`);
    }
  }
}
