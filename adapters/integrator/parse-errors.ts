import type { UpstreamError } from './errors.ts';

/** Longest text taken over from an answer. */
const LONGEST = 500;

/**
 * What an error answer says. Documented is `{"errors": [{"code", "message", "field"?}]}`; seen are also entries
 * that are strings, `{"message"}`, `{"error"}`, a code at the top, bare text, and nothing at all.
 */
export function parseErrors(status: number, body: string): UpstreamError[] {
  const fallback = `http_${status}`;
  if (body.trim() === '') return [];
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return [{ code: fallback, message: shorten(body) }];
  }
  return errorsIn(value, fallback);
}

function errorsIn(value: unknown, fallback: string): UpstreamError[] {
  if (typeof value === 'string') return value === '' ? [] : [{ code: fallback, message: shorten(value) }];
  if (Array.isArray(value)) return value.flatMap((entry) => errorsIn(entry, fallback));
  if (!isRecord(value)) return [];
  const code = textOf(value['code']) ?? fallback;
  const nested = value['errors'] ?? value['error'];
  if (isRecord(nested) || (Array.isArray(nested) && nested.length > 0)) return errorsIn(nested, code);
  const message = textOf(value['message']) ?? textOf(nested);
  if (message === undefined && value['code'] === undefined) return [];
  const field = textOf(value['field']);
  return [
    { code, message: shorten(message ?? code), ...(field === undefined ? {} : { field: shorten(field) }) },
  ];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST)}…`;
}
