/** One object that integrator.io's own clone made. */
export interface CreatedObject {
  /** Singular and lower-case, as in the rest of flowferry: `flow`, `export`. */
  type: string;
  id: string;
  name?: string;
}

/** What a clone call made, in one shape. */
export interface CloneAnswer {
  created: CreatedObject[];
}

/**
 * A clone answers either the cloned resource or a manifest `[{"model": "Flow", "_id": "...", "name"?}]`; an
 * integration in install mode answers `{"_integrationId"}`. `undefined` for anything else.
 *
 * @param type the type of what was cloned, for the shapes that do not name it
 */
export function normaliseCloneAnswer(type: string, answer: unknown): CloneAnswer | undefined {
  if (Array.isArray(answer)) {
    const created = answer.map((entry) => manifestEntry(entry));
    return created.length > 0 && created.every((entry) => entry !== undefined) ? { created } : undefined;
  }
  if (typeof answer !== 'object' || answer === null) return undefined;
  const wrapped = 'resource' in answer ? answer.resource : answer;
  const one = named(type, wrapped) ?? integrationOf(wrapped);
  return one === undefined ? undefined : { created: [one] };
}

function manifestEntry(entry: unknown): CreatedObject | undefined {
  if (typeof entry !== 'object' || entry === null || !('model' in entry)) return undefined;
  return typeof entry.model === 'string' ? named(entry.model.toLowerCase(), entry) : undefined;
}

function named(type: string, value: unknown): CreatedObject | undefined {
  if (typeof value !== 'object' || value === null || !('_id' in value)) return undefined;
  if (typeof value._id !== 'string') return undefined;
  const name = 'name' in value && typeof value.name === 'string' ? value.name : undefined;
  return { type, id: value._id, ...(name === undefined ? {} : { name }) };
}

function integrationOf(value: unknown): CreatedObject | undefined {
  if (typeof value !== 'object' || value === null || !('_integrationId' in value)) return undefined;
  return typeof value._integrationId === 'string'
    ? { type: 'integration', id: value._integrationId }
    : undefined;
}
