import { type Fields, isNothing, isObject, objectAt, objectsAt } from '../documents.ts';
import type { Problems } from '../errors.ts';
import { scheduleFault } from '../schedule.ts';

const ROUTES_TO = ['first_matching_branch', 'all_matching_branches'];
const ROUTES_USING = ['input_filters', 'script'];

/** A step of a flow, with its path in the document. */
export interface Step {
  step: Fields;
  field: string;
}

/** All page processors of a flow, those of branches included. */
export function pageProcessors(flow: Fields): Step[] {
  const steps = objectsAt(flow, 'pageProcessors').map((step, index) => ({
    step,
    field: `pageProcessors[${index}]`,
  }));
  for (const [r, router] of objectsAt(flow, 'routers').entries()) {
    for (const [b, branch] of objectsAt(router, 'branches').entries()) {
      for (const [p, step] of objectsAt(branch, 'pageProcessors').entries()) {
        steps.push({ step, field: `routers[${r}].branches[${b}].pageProcessors[${p}]` });
      }
    }
  }
  return steps;
}

/** Checks the parts of a flow that do not concern other documents. */
export function checkShape(flow: Fields, problems: Problems): void {
  for (const list of ['pageGenerators', 'pageProcessors', 'routers']) checkList(flow, list, problems);
  if (objectsAt(flow, 'pageProcessors').length > 0 && objectsAt(flow, 'routers').length > 0) {
    problems.add('invalid_request', 'pageProcessors and routers exclude each other.', 'routers');
  }
  checkSchedule(flow['schedule'], 'schedule', problems);
  for (const [index, generator] of objectsAt(flow, 'pageGenerators').entries()) {
    const field = `pageGenerators[${index}]`;
    if (isNothing(generator['_exportId']) && generator['setupInProgress'] !== true) {
      problems.add('missing_required_field', 'A page generator needs an export.', `${field}._exportId`);
    }
    checkSchedule(generator['schedule'], `${field}.schedule`, problems);
  }
  for (const { step, field } of pageProcessors(flow)) checkStep(step, field, problems);
  checkRouters(objectsAt(flow, 'routers'), problems);
}

function checkList(flow: Fields, name: string, problems: Problems): void {
  const value = flow[name];
  if (value === undefined || value === null) return;
  if (!Array.isArray(value) || !value.every(isObject)) {
    problems.add('invalid_value', `${name} must be a list of objects.`, name);
  }
}

function checkSchedule(schedule: unknown, field: string, problems: Problems): void {
  if (isNothing(schedule)) return;
  const fault = scheduleFault(schedule);
  if (fault) problems.add(fault.code, fault.message, field);
}

function checkStep(step: Fields, field: string, problems: Problems): void {
  if (step['setupInProgress'] === true) return;
  const type = step['type'];
  if (type !== 'export' && type !== 'import') {
    problems.add('invalid_value', 'The type must be export or import.', `${field}.type`);
    return;
  }
  const key = type === 'export' ? '_exportId' : '_importId';
  if (isNothing(step[key])) {
    problems.add('missing_required_field', `Expected field: ${key} to be present`, `${field}.${key}`);
  }
}

function checkRouters(routers: readonly Fields[], problems: Problems): void {
  const ids = new Set<unknown>();
  for (const [index, router] of routers.entries()) {
    const id = router['id'];
    const field = `routers[${index}]`;
    if (typeof id !== 'string' || id === '') {
      problems.add('missing_required_field', 'Path `id` is required.', `${field}.id`);
    } else if (ids.has(id)) problems.add('invalid_value', 'Router ids must differ.', `${field}.id`);
    ids.add(id);
  }
  for (const [index, router] of routers.entries()) checkRouter(router, `routers[${index}]`, ids, problems);
}

function checkRouter(router: Fields, field: string, ids: ReadonlySet<unknown>, problems: Problems): void {
  const to = router['routeRecordsTo'];
  const using = router['routeRecordsUsing'];
  if (to !== undefined && !ROUTES_TO.includes(String(to))) {
    problems.add('invalid_value', `\`${to}\` is not a way to route.`, `${field}.routeRecordsTo`);
  }
  if (using !== undefined && !ROUTES_USING.includes(String(using))) {
    problems.add('invalid_value', `\`${using}\` is not a way to route.`, `${field}.routeRecordsUsing`);
  }
  if (using === 'script' && isNothing(objectAt(router, 'script')['_scriptId'])) {
    problems.add('missing_required_field', 'The router needs a script.', `${field}.script._scriptId`);
  }
  for (const [index, branch] of objectsAt(router, 'branches').entries()) {
    const here = `${field}.branches[${index}]`;
    if (typeof branch['name'] !== 'string') {
      problems.add('missing_required_field', 'Path `name` is required.', `${here}.name`);
    }
    const next = branch['nextRouterId'];
    if (!isNothing(next) && !ids.has(next)) {
      problems.add('invalid_value', 'Invalid nextRouterId is defined on the branch', `${here}.nextRouterId`);
    }
  }
}
