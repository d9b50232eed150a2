import type { Command } from 'commander';
import { type CloneRequest, cloneRequest } from '../../core/model/request.ts';
import type { JsonObject } from '../../core/model/resource.ts';
import { fieldProblems } from '../../lambdas/http/fields.ts';
import type { Io } from '../io.ts';
import { UsageError } from '../usage-error.ts';
import { nameOf, readJson, readJsonObject } from './json-file.ts';
import { choice, idPairs, isoDate, number, objectId, objectIds } from './shared.ts';

/** The options of a clone request, as commander hands them over. */
export interface RequestOptions {
  request?: string;
  source?: string;
  flow?: string[];
  integration?: string[];
  target?: string;
  into?: string;
  map?: Record<string, string>;
  idMap?: Record<string, string>;
  adopt?: string[];
  connections?: string;
  onExisting?: string;
  onFailure?: string;
  activate?: boolean;
  run?: boolean;
  runFlow?: string[];
  runStart?: string;
  runEnd?: string;
  /** `false`: `--no-run-wait`. */
  runWait?: boolean;
  linkedFlows?: string;
  copySampleData?: boolean;
  overrides?: string;
  rateShare?: number;
  callbackUrl?: string;
  fingerprint?: string;
}

/** Which option writes which member of the request. */
const OPTION_OF: readonly (readonly [path: string, option: string, name: keyof RequestOptions])[] = [
  ['/source/account', '--source', 'source'],
  ['/source/flowIds', '--flow', 'flow'],
  ['/source/integrationIds', '--integration', 'integration'],
  ['/target/account', '--target', 'target'],
  ['/target/integrationId', '--into', 'into'],
  ['/connectionMap', '--map', 'map'],
  ['/idMap', '--id-map', 'idMap'],
  ['/adopt', '--adopt', 'adopt'],
  ['/connections', '--connections', 'connections'],
  ['/onExisting', '--on-existing', 'onExisting'],
  ['/onFailure', '--on-failure', 'onFailure'],
  ['/run', '--run', 'run'],
  ['/overrides', '--overrides', 'overrides'],
  ['/rateShare', '--rate-share', 'rateShare'],
  ['/callbackUrl', '--callback-url', 'callbackUrl'],
  ['/planFingerprint', '--fingerprint', 'fingerprint'],
];

/** Adds the options that make up a clone request. */
export function withRequest(command: Command): Command {
  return command
    .option(
      '--request <file>',
      'the request as JSON, from a file or from standard input (-); options given beside it count before it',
    )
    .option('--source <account>', 'account to clone from')
    .option('--flow <ids...>', 'flows to clone, with everything they need', objectIds)
    .option('--integration <ids...>', 'integrations to clone, with all their flows', objectIds)
    .option('--target <account>', 'account to clone into')
    .option(
      '--into <id>',
      "put every flow into this integration of the target, in place of cloning the flows' own",
      objectId,
    )
    .option('--map <pairs...>', 'connections: <source id>=<target id>', idPairs)
    .option(
      '--id-map <pairs...>',
      'other resources to use as they are in place of cloning them: <source id>=<target id>',
      idPairs,
    )
    .option(
      '--adopt <pairs...>',
      'copies that exist already, made by nobody of ours: <source id>=<target id>, or match-name',
    )
    .addOption(
      choice(
        '--connections <how>',
        'what becomes of connections that --map leaves out (default: mapped, which blocks)',
        ['mapped', 'match-name', 'stub'],
      ),
    )
    .addOption(
      choice('--on-existing <what>', 'a copy that an earlier clone made (default: update)', [
        'update',
        'keep',
        'fail',
      ]),
    )
    .addOption(
      choice('--on-failure <what>', 'undo what was done, or keep it (default: rollback)', [
        'rollback',
        'keep',
      ]),
    )
    .option('--activate', 'at the very end, enable the flows that are enabled in the source')
    .option('--run', 'run the copies that are enabled by then, and wait for the jobs to end')
    .option('--run-flow <ids...>', 'run only these flows, by their source ids (implies --run)', objectIds)
    .option('--run-start <date>', 'first moment of a delta run (implies --run)', isoDate)
    .option('--run-end <date>', 'last moment of a delta run (implies --run)', isoDate)
    .option('--no-run-wait', 'do not wait for the jobs to end (implies --run)')
    .addOption(
      choice(
        '--linked-flows <what>',
        'flows named by next-flow and keep-delta links: clone them too, or drop the links (default: include)',
        ['include', 'drop'],
      ),
    )
    .option('--copy-sample-data', "copy sample and mock data, which may hold customers' records")
    .option(
      '--overrides <file>',
      'JSON array of patches for single resources, from a file or from standard input (-)',
    )
    .option(
      '--rate-share <share>',
      "how much of each account's rate limit to use, above 0 and up to 1 (default: 0.95)",
      number,
    )
    .option(
      '--callback-url <url>',
      'address to call once the clone has ended, where the service serves callbacks',
    )
    .option('--fingerprint <text>', 'go on only if the plan is still the one with this fingerprint');
}

/**
 * The request that these options and the request file make up, every default filled in.
 *
 * @throws {UsageError} with a line for everything that is wrong, naming the option or the place in the file
 */
export async function requestFrom(
  options: RequestOptions,
  io: Pick<Io, 'input'>,
): Promise<{ body: JsonObject; request: CloneRequest }> {
  if (options.request === '-' && options.overrides === '-') {
    throw new UsageError('--overrides: standard input is taken by --request already');
  }
  const file = options.request === undefined ? {} : await readJsonObject('--request', options.request, io);
  const overrides =
    options.overrides === undefined ? undefined : await readJson('--overrides', options.overrides, io);
  const body = withoutAbsent({
    ...file,
    source: merged(file['source'], {
      account: options.source,
      flowIds: options.flow,
      integrationIds: options.integration,
    }),
    target: merged(file['target'], { account: options.target, integrationId: options.into }),
    connectionMap:
      options.map === undefined ? file['connectionMap'] : merged(file['connectionMap'], options.map),
    idMap: options.idMap === undefined ? file['idMap'] : merged(file['idMap'], options.idMap),
    adopt: adoptFrom(options, file),
    connections: options.connections ?? file['connections'],
    onExisting: options.onExisting ?? file['onExisting'],
    onFailure: options.onFailure ?? file['onFailure'],
    activate: options.activate ?? file['activate'],
    run: runFrom(options, file),
    linkedFlows: options.linkedFlows ?? file['linkedFlows'],
    copySampleData: options.copySampleData ?? file['copySampleData'],
    overrides: overrides ?? file['overrides'],
    rateShare: options.rateShare ?? file['rateShare'],
    callbackUrl: options.callbackUrl ?? file['callbackUrl'],
    planFingerprint: options.fingerprint ?? file['planFingerprint'],
  });
  const parsed = cloneRequest.safeParse(body);
  if (parsed.success) return { body, request: parsed.data };
  const lines = fieldProblems(parsed.error.issues, body).map(
    ({ path = '', message }) => `${placeOf(path, options)}: ${message}`,
  );
  throw new UsageError(lines, hintFor(body));
}

/** Members on top of those that are there; what is no object stays for the schema to complain about. */
function merged(base: JsonObject[string], over: JsonObject): JsonObject[string] {
  const added = withoutAbsent(over);
  if (typeof base !== 'object' || base === null || Array.isArray(base)) {
    return base === undefined || Object.keys(added).length > 0 ? added : base;
  }
  return { ...base, ...added };
}

function withoutAbsent(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

function adoptFrom({ adopt }: RequestOptions, file: JsonObject): JsonObject[string] {
  if (adopt === undefined) return file['adopt'];
  if (adopt.length === 1 && adopt[0] === 'match-name') return 'match-name';
  if (adopt.includes('match-name')) throw new UsageError('--adopt: either match-name or pairs, not both');
  let pairs: Record<string, string> = {};
  for (const pair of adopt) {
    try {
      pairs = idPairs(pair, pairs);
    } catch (error) {
      throw new UsageError(`--adopt: ${error instanceof Error ? error.message : ''}`);
    }
  }
  return merged(typeof file['adopt'] === 'object' ? file['adopt'] : undefined, pairs);
}

function runFrom(options: RequestOptions, file: JsonObject): JsonObject[string] {
  const own = withoutAbsent({
    flowIds: options.runFlow,
    startDate: options.runStart,
    endDate: options.runEnd,
    wait: options.runWait === false ? false : undefined,
  });
  if (Object.keys(own).length > 0)
    return merged(typeof file['run'] === 'object' ? file['run'] : undefined, own);
  return options.run ?? file['run'];
}

/** The option that wrote a member, the place in the file it stands at, or the option that would write it. */
function placeOf(path: string, options: RequestOptions): string {
  const known = OPTION_OF.find(([member]) => path === member || path.startsWith(`${member}/`));
  const isOwn = known !== undefined && options[known[2]] !== undefined;
  if (options.request !== undefined && !isOwn)
    return `--request: ${nameOf(options.request)}: ${path === '' ? '/' : path}`;
  if (known !== undefined) return known[1];
  return path === '/source' ? '--flow or --integration' : path;
}

function hintFor(body: JsonObject): string | undefined {
  const source = body['source'];
  const account =
    typeof source === 'object' && source !== null && !Array.isArray(source) ? source['account'] : undefined;
  const isNamed = typeof account === 'string' && account !== '';
  return `flows to choose from: flowferry flows list --account ${isNamed ? account : 'NAME'}`;
}
