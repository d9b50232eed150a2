import type { Collection } from '../documents.ts';
import { connections } from './connections.ts';
import { flows } from './flows.ts';
import { asynchelpers, lookupcaches, scripts } from './helpers.ts';
import { integrations } from './integrations.ts';
import { agents, iclients, nameless, plain, stacks } from './others.ts';
import type { Rules } from './rules.ts';
import { exports, imports } from './steps.ts';

/** What is particular about each collection. */
export const RULES: Readonly<Record<Collection, Rules>> = {
  integrations,
  flows,
  exports,
  imports,
  connections,
  scripts,
  asynchelpers,
  filedefinitions: plain,
  lookupcaches,
  iclients,
  stacks,
  agents,
  ediprofiles: nameless,
  tools: plain,
  apis: plain,
};
