import type { JsonObject, ResourceType } from '../model/resource.ts';
import { collectForeignIds, type ForeignId } from './foreign.ts';
import { collectTextIds, type TextId } from './text.ts';
import { visit } from './visit.ts';
import { collectReferences, type Reference } from './walk.ts';

/** All ids that a document holds, by what they are. */
export interface Survey {
  references: Reference[];
  textIds: TextId[];
  foreignIds: ForeignId[];
}

/**
 * All ids of a document, in the order they stand in it, found in one walk.
 *
 * @throws FlowferryError `document_too_deep`
 */
export function surveyOf(type: ResourceType, document: JsonObject): Survey {
  const survey: Survey = { references: [], textIds: [], foreignIds: [] };
  visit(type, document, {
    ...collectReferences(survey.references),
    ...collectTextIds(type, survey.textIds),
    ...collectForeignIds(survey.foreignIds),
  });
  return survey;
}
