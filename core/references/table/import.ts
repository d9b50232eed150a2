import { type ReferenceRow, row } from '../row.ts';
import { containment, directory, hook, settings, toolOverrides, transformation } from './parts.ts';

/** Where an import keeps lookups, beside its own list. */
const LOOKUPS = [
  '',
  'http.',
  'rdbms.',
  'jdbc.',
  'wrapper.',
  'file.',
  'salesforce.',
  'netsuite_da.',
  'netsuite.',
];

/** Where an AI agent is configured, by model provider; a guardrail holds the same. */
const AGENTS = ['openai', 'litellm._overrides.gemini', 'litellm._overrides.anthropic'].flatMap((provider) => [
  `aiAgent.${provider}`,
  `guardrail.aiAgent.${provider}`,
]);

/** The tools an agent may call, and the MCP servers it reaches. */
function agent(at: string): ReferenceRow[] {
  return [
    row('import', `${at}.tools[].tool._toolId`, 'tool', 'needs', { deferrable: true, omit: 'element' }),
    ...toolOverrides('import', `${at}.tools[].tool.overrides`),
    ...['tools', 'prompts', 'resources'].map((list) =>
      row('import', `${at}.${list}[].mcp._mcpConnectionId`, 'connection', 'mapped', { omit: 'element' }),
    ),
  ];
}

export const IMPORT: readonly ReferenceRow[] = [
  row('import', '_connectionId', 'connection', 'mapped', {
    note: 'absent on tool, agent, guardrail and topic imports',
  }),
  row('import', 'http._asyncHelperId', 'asynchelper', 'needs', { deferrable: true }),
  row('import', 'file.fileDefinition._fileDefinitionId', 'filedefinition', 'needs'),
  row('import', '_ediProfileId', 'ediprofile', 'needs'),
  row('import', 'wrapper._stackId', 'stack', 'mapped', {
    note: 'the server drops it; the connection names the stack',
  }),
  row('import', 'topic._topicId', 'topic', 'mapped', { note: 'an event stream' }),
  ...LOOKUPS.map((at) => row('import', `${at}lookups[]._lookupCacheId`, 'lookupcache', 'needs')),
  ...['preMap', 'postMap', 'postSubmit', 'postAggregate'].flatMap((name) => hook('import', `hooks.${name}`)),
  row('import', 'filter.script._scriptId', 'script', 'needs'),
  row('import', 'inputFilter.script._scriptId', 'script', 'needs'),
  ...transformation('import', 'responseTransform'),
  ...settings('import'),
  row('import', 'tool._toolId', 'tool', 'needs', {
    deferrable: true,
    note: "the tool's own steps may name this import",
  }),
  ...toolOverrides('import', 'tool.overrides'),
  ...AGENTS.flatMap(agent),
  ...directory('import'),
  ...containment('import'),
];
