import { describe, expect, test } from '@jest/globals';
import { PENDING, rewrite, withoutPending } from '../../../core/references/index.ts';
import { idOf } from './ids.ts';

describe('References that are not known yet', () => {
  test('are left out as their rows say, and named by their places before', () => {
    const flow = {
      name: 'Orders',
      _runNextFlowIds: [idOf('flow', 2), PENDING],
      aliases: [
        { alias: 'a', _exportId: PENDING },
        { alias: 'b', _exportId: idOf('export') },
      ],
      pageGenerators: [{ _exportId: idOf('export'), _keepDeltaBehindFlowId: PENDING }],
    };

    expect(withoutPending('flow', flow)).toEqual({
      document: {
        name: 'Orders',
        _runNextFlowIds: [idOf('flow', 2)],
        aliases: [{ alias: 'b', _exportId: idOf('export') }],
        pageGenerators: [{ _exportId: idOf('export') }],
      },
      left: ['/_runNextFlowIds/1', '/aliases/0/_exportId', '/pageGenerators/0/_keepDeltaBehindFlowId'],
      text: [],
    });
  });

  test('of one element are all named, and the element goes once', () => {
    const flow = { _runNextExportIds: [{ _flowId: PENDING, _exportId: PENDING }] };

    expect(withoutPending('flow', flow)).toEqual({
      document: { _runNextExportIds: [] },
      left: ['/_runNextExportIds/0/_flowId', '/_runNextExportIds/0/_exportId'],
      text: [],
    });
  });

  test('take the tool of an agent with them, and leave its other tools', () => {
    const tools = [{ tool: { _toolId: PENDING } }, { mcp: { _mcpConnectionId: idOf('connection') } }];

    const { document } = withoutPending('import', { aiAgent: { openai: { tools } } });

    expect(document).toEqual({ aiAgent: { openai: { tools: [tools[1]] } } });
  });

  test('in text stay, and are named', () => {
    const { document } = rewrite('script', { content: `get("${idOf('export')}")` }, () => PENDING);

    expect(withoutPending('script', document)).toEqual({ document, left: [], text: ['/content'] });
  });
});
