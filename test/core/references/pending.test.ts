import { describe, expect, test } from '@jest/globals';
import { PENDING, rewrite, withoutPending } from '../../../core/references/index.ts';
import { idOf } from './ids.ts';

describe('References that are not known yet', () => {
  test('are left out as their rows say', () => {
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
      name: 'Orders',
      _runNextFlowIds: [idOf('flow', 2)],
      aliases: [{ alias: 'b', _exportId: idOf('export') }],
      pageGenerators: [{ _exportId: idOf('export') }],
    });
  });

  test('of one element go with it, once', () => {
    const flow = { _runNextExportIds: [{ _flowId: PENDING, _exportId: PENDING }] };

    expect(withoutPending('flow', flow)).toEqual({ _runNextExportIds: [] });
  });

  test('take the tool of an agent with them, and leave its other tools', () => {
    const tools = [{ tool: { _toolId: PENDING } }, { mcp: { _mcpConnectionId: idOf('connection') } }];

    const document = withoutPending('import', { aiAgent: { openai: { tools } } });

    expect(document).toEqual({ aiAgent: { openai: { tools: [tools[1]] } } });
  });

  test('in text stay', () => {
    const { document } = rewrite('script', { content: `get("${idOf('export')}")` }, () => PENDING);

    expect(withoutPending('script', document)).toEqual(document);
  });
});
