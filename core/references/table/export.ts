import { type ReferenceRow, row } from '../row.ts';
import { containment, directory, hook, settings, transformation } from './parts.ts';

export const EXPORT: readonly ReferenceRow[] = [
  row('export', '_connectionId', 'connection', 'mapped', {
    note: 'absent on webhook, data loader and topic exports',
  }),
  row('export', 'http._asyncHelperId', 'asynchelper', 'needs', {
    deferrable: true,
    note: 'the async helper names exports in turn',
  }),
  row('export', 'file.fileDefinition._fileDefinitionId', 'filedefinition', 'needs'),
  row('export', 'simple.file.fileDefinition._fileDefinitionId', 'filedefinition', 'needs', {
    note: 'data loader',
  }),
  row('export', 'wrapper._stackId', 'stack', 'mapped', {
    note: 'the server drops it; the connection names the stack',
  }),
  row('export', '_ediProfileId', 'ediprofile', 'needs'),
  row('export', '_postParseListenerId', 'export', 'needs', {
    deferrable: true,
    note: 'a webhook export of the provider integrator-extension',
  }),
  row('export', 'topic._topicId', 'topic', 'mapped', { note: 'an event stream' }),
  ...hook('export', 'hooks.preSavePage'),
  row('export', 'filter.script._scriptId', 'script', 'needs'),
  row('export', 'inputFilter.script._scriptId', 'script', 'needs'),
  ...transformation('export', 'transform'),
  ...settings('export'),
  ...directory('export'),
  ...containment('export'),
  row('export', '__linkedLookupCacheIds[]', 'lookupcache', 'alias', {
    omit: 'element',
    note: 'written by the server',
  }),
];
