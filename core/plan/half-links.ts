import { isObject } from '../model/pointer.ts';
import type { Json, JsonObject } from '../model/resource.ts';

/**
 * A keep-delta-behind link is a flow and one of its exports. Where the flow is left out, the export alone says
 * nothing: it goes, too. Changes `body` in place.
 */
export function dropHalfLinks(source: JsonObject, body: JsonObject): void {
  const sources = holders(source);
  holders(body).forEach((holder, index) => {
    const hadFlow = sources[index]?.['_keepDeltaBehindFlowId'];
    if (hadFlow && !holder['_keepDeltaBehindFlowId']) delete holder['_keepDeltaBehindExportId'];
  });
}

/** Where a flow keeps such links: itself, and each of its page generators. */
function holders(flow: JsonObject): JsonObject[] {
  const generators: Json[] = Array.isArray(flow['pageGenerators']) ? flow['pageGenerators'] : [];
  return [flow, ...generators.map((generator) => (isObject(generator) ? generator : {}))];
}
