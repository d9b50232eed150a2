/** References as data, and everything that is made from that data. */
export { comparable, mergeable } from './comparable.ts';
export { MAX_DEPTH } from './depth.ts';
export type { ForeignId } from './foreign.ts';
export { type Leftover, leftovers } from './leftovers.ts';
export { referencesMarkdown } from './markdown.ts';
export { maskedPaths } from './mask.ts';
export { PENDING, withoutPending } from './pending.ts';
export {
  DROP,
  isReference,
  type Resolve,
  type RewriteResult,
  type RewrittenText,
  rewrite,
} from './rewrite.ts';
export type { Guard, ReferenceKind, ReferenceRow, ReferenceTarget } from './row.ts';
export { samplePaths } from './samples.ts';
export { forCreate, forUpdate, type StripOptions } from './strip.ts';
export { type Survey, surveyOf } from './survey.ts';
export { SAMPLE_FIELDS } from './table/anywhere.ts';
export { DEFAULTS } from './table/equalities.ts';
export { STRIPS, type StripRule, WEBHOOK_SECRETS } from './table/strips.ts';
export { REFERENCES } from './table.ts';
export type { TextId } from './text.ts';
export { type Reference, referencesOf } from './walk.ts';
