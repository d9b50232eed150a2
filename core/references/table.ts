import type { ReferenceRow } from './row.ts';
import { ANYWHERE } from './table/anywhere.ts';
import { CONNECTION } from './table/connection.ts';
import { EXPORT } from './table/export.ts';
import { FLOW } from './table/flow.ts';
import { IMPORT } from './table/import.ts';
import { INTEGRATION } from './table/integration.ts';
import { API, ASYNCHELPER, FILEDEFINITION, LOOKUPCACHE, TOOL } from './table/others.ts';

/**
 * Every place in integrator.io's documents that holds an id, and what is to be done with it. Rows of a type
 * come before those that hold everywhere: the first row that fits a place counts.
 */
export const REFERENCES: readonly ReferenceRow[] = [
  ...INTEGRATION,
  ...FLOW,
  ...EXPORT,
  ...IMPORT,
  ...CONNECTION,
  ...ASYNCHELPER,
  ...LOOKUPCACHE,
  ...FILEDEFINITION,
  ...TOOL,
  ...API,
  ...ANYWHERE,
];
