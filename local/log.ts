import type { JsonObject } from '../core/model/resource.ts';
import type { Log } from '../core/ports.ts';
import { LOG_LEVELS, type LogLevel, redact } from '../lambdas/http/log.ts';

/** One JSON object a line, as the deployed functions log; stdout is left to what a person reads. */
export function createLineLog(write: (line: string) => void, level: LogLevel): Log {
  const line =
    (own: LogLevel) =>
    (message: string, fields: JsonObject = {}) => {
      if (LOG_LEVELS.indexOf(own) < LOG_LEVELS.indexOf(level)) return;
      const entry = {
        level: own,
        message,
        timestamp: new Date().toISOString(),
        service: 'flowferry',
        ...fields,
      };
      write(JSON.stringify(entry, redact));
    };
  return { info: line('INFO'), warn: line('WARN'), error: line('ERROR') };
}
