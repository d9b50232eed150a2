import { Logger } from '@aws-lambda-powertools/logger';
import type { JsonObject } from '../../core/model/resource.ts';
import type { Log } from '../../core/ports.ts';

/** Members whose values never belong into a log line, whoever hands them in. */
const SECRET_MEMBER =
  /^(body|authorization|cookie|x-api-key|api-?key|.*(token|secret|password|passphrase|credentials?|private_?key))$/i;

const REDACTED = '[redacted]';

/** Keeps secrets out of a log line by the names of their members. */
export function redact(member: string, value: unknown): unknown {
  return value !== undefined && value !== null && SECRET_MEMBER.test(member) ? REDACTED : value;
}

/** One JSON object a line on stdout, by the logger of the AWS Lambda Powertools. */
export function createLog({ service, level = 'INFO' }: { service: string; level?: LogLevel }): Log {
  const logger = new Logger({ serviceName: service, logLevel: level, jsonReplacerFn: redact });
  return {
    info: (message, fields = {}) => logger.info(message, fields as Record<string, unknown>),
    warn: (message, fields = {}) => logger.warn(message, fields as Record<string, unknown>),
    error: (message, fields = {}) => logger.error(message, fields as Record<string, unknown>),
  };
}

export const LOG_LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR', 'SILENT'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** A log that writes these fields with every line. */
export function withFields(log: Log, fields: JsonObject): Log {
  return {
    info: (message, more) => log.info(message, { ...fields, ...more }),
    warn: (message, more) => log.warn(message, { ...fields, ...more }),
    error: (message, more) => log.error(message, { ...fields, ...more }),
  };
}

/** What can be logged of an error that nobody foresaw: all but its message, which may hold anything. */
export function errorFields(error: unknown): JsonObject {
  if (!(error instanceof Error)) return { error: typeof error };
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  return {
    error: error.name,
    ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
    frames: frames.slice(0, 12).map((line) => line.trim()),
    ...(error.cause === undefined ? {} : { cause: errorFields(error.cause) }),
  };
}
