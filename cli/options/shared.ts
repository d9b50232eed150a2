import { type Command, InvalidArgumentError, Option } from 'commander';
import type { HostOptions } from '../hosts/choose.ts';

/** Options that every command has. */
export interface OutputOptions {
  json?: boolean;
}

/** Adds `--json`. */
export function withOutput(command: Command): Command {
  return command.option('--json', 'print the answer as JSON, and nothing else, on standard output');
}

/** Adds the options by which a command chooses where it works. */
export function withHost(command: Command): Command {
  return withAccounts(command)
    .option(
      '--data <dir>',
      'folder of the ledger and the clones when working from here [FLOWFERRY_DATA] (default: .flowferry)',
    )
    .option('--url <url>', 'ask the service there, with the key in FLOWFERRY_API_KEY [FLOWFERRY_URL]')
    .option('--verbose', 'log what is done on standard error, a JSON object a line, when working from here');
}

/** Adds `--accounts`. */
export function withAccounts(command: Command): Command {
  return command.option(
    '--accounts <file>',
    'work from here, with the accounts of this JSON file {"<name>": {"token", "region"?, "baseUrl"?}} [FLOWFERRY_ACCOUNTS]',
  );
}

/** Adds `--url`, for what only a service can do. */
export function withUrl(command: Command): Command {
  return command.option(
    '--url <url>',
    'the service to ask, with the key in FLOWFERRY_API_KEY [FLOWFERRY_URL]',
  );
}

/** Options as commander hands them over, with those of the host. */
export type Given = HostOptions & OutputOptions;

const OBJECT_ID = /^[0-9a-f]{24}$/;

/** An id of integrator.io. */
export function objectId(text: string): string {
  if (OBJECT_ID.test(text)) return text;
  throw new InvalidArgumentError('An id is 24 lower-case hexadecimal characters.');
}

/** One or more ids, collected over all occurrences of the option. */
export function objectIds(text: string, before: readonly string[] = []): string[] {
  return [...before, objectId(text)];
}

/** `<source id>=<target id>`, collected over all occurrences of the option. */
export function idPairs(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const [source = '', target = '', ...more] = text.split('=');
  if (more.length > 0 || !OBJECT_ID.test(source) || !OBJECT_ID.test(target)) {
    throw new InvalidArgumentError(
      'It is <source id>=<target id>, each of 24 lower-case hexadecimal characters.',
    );
  }
  if (Object.hasOwn(before, source) && before[source] !== target) {
    throw new InvalidArgumentError(`${source} is mapped twice.`);
  }
  return { ...before, [source]: target };
}

/** A whole number from `least` to `most`. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    if (/^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most) return Number(text);
    throw new InvalidArgumentError(`It is a whole number from ${least} to ${most}.`);
  };
}

/** A number; its range is the service's to check. */
export function number(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('It is a number.');
}

/** A date by ISO 8601, as integrator.io takes it. */
export function isoDate(text: string): string {
  if (/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw new InvalidArgumentError(
    'It is a date and time by ISO 8601 with its offset, such as 2026-01-31T00:00:00Z.',
  );
}

/** An option that must be one of these. */
export function choice(flags: string, description: string, choices: readonly string[]): Option {
  return new Option(flags, description).choices(choices);
}
