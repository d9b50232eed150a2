import type { ResourceType } from '../model/resource.ts';

/** The reverse of need, for deletions: what names others goes before what is named. */
export const TIERS: readonly (readonly ResourceType[])[] = [
  ['flow'],
  ['tool', 'api'],
  ['import', 'asynchelper'],
  ['export'],
  ['integration', 'lookupcache', 'ediprofile', 'filedefinition', 'script'],
  ['connection', 'iclient', 'stack', 'agent'],
];
