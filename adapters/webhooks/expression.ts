import {
  ArityError,
  EmptyExpressionError,
  LexerError,
  ParseError,
  search,
  UnknownFunctionError,
  VariadicArityError,
} from '@aws-lambda-powertools/jmespath';
import type { Json } from '../../core/model/resource.ts';

type Searchable = Parameters<typeof search>[1];

/** Errors that lie in the expression itself, whatever it is put to. */
const FAULTS = [
  LexerError,
  ParseError,
  EmptyExpressionError,
  UnknownFunctionError,
  ArityError,
  VariadicArityError,
];

/** Whether a text is a JMESPath expression, whatever it finds. */
export function isExpression(text: string): boolean {
  try {
    search(text, null as unknown as Searchable);
    return true;
  } catch (error) {
    return !FAULTS.some((fault) => error instanceof fault);
  }
}

/** What an expression finds in a payload; `undefined`: nothing, or it can't be worked out for this payload. */
export function evaluate(expression: string, payload: Json): Json | undefined {
  try {
    const found: unknown = search(expression, payload as Searchable);
    return found === null || found === undefined ? undefined : (found as Json);
  } catch {
    // The library's own message quotes values of the payload.
    return undefined;
  }
}

/** JMESPath's own rule: false, null and all that is empty are false. */
export function isTrue(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === false || value === '') return false;
  if (Array.isArray(value)) return value.length > 0;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}
