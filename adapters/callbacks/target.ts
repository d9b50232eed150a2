import { lookup } from 'node:dns/promises';
import { FlowferryError } from '../../core/model/problem.ts';
import { isLoopbackAddress, isPublicAddress, literalAddress } from './address.ts';

/** Where a callback goes: the address that was looked at is the one that is connected to. */
export interface CallbackTarget {
  url: URL;
  address: string;
  family: 4 | 6;
}

export type Resolve = (host: string) => Promise<readonly { address: string; family: number }[]>;

/** All addresses of a name, as this machine resolves it. */
export const resolveName: Resolve = (host) => lookup(host, { all: true, verbatim: true });

const LOCAL_NAMES: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * What can be said against a callback's address without resolving its name; `undefined`: nothing. The message goes
 * on after "must".
 */
export function callbackUrlProblem(
  text: string,
  { allowLoopbackHttp }: { allowLoopbackHttp: boolean },
): string | undefined {
  if (!URL.canParse(text)) return 'must be an absolute URL';
  const url = new URL(text);
  const isLocal = allowLoopbackHttp && url.protocol === 'http:' && LOCAL_NAMES.has(url.hostname);
  if (url.protocol !== 'https:' && !isLocal) return 'must be an https address';
  if (url.username !== '' || url.password !== '') return 'must not hold credentials';
  const literal = literalAddress(url);
  if (!isLocal && (url.hostname === 'localhost' || (literal !== undefined && !isPublicAddress(literal)))) {
    return 'must be an address of the public internet';
  }
  return undefined;
}

/**
 * Resolves where a callback goes. Every address of the name must be public, for any of them may be connected to by
 * whoever resolves it next.
 *
 * @throws {FlowferryError} `callback_forbidden`; `callback_unreachable` where the name has no address now
 */
export async function callbackTarget(
  text: string,
  { allowLoopbackHttp, resolve }: { allowLoopbackHttp: boolean; resolve: Resolve },
): Promise<CallbackTarget> {
  const problem = callbackUrlProblem(text, { allowLoopbackHttp });
  if (problem !== undefined) throw forbidden(problem);
  const url = new URL(text);
  const addresses = await addressesOf(url, resolve);
  const isAllowed = url.protocol === 'http:' ? isLoopbackAddress : isPublicAddress;
  if (!addresses.every(({ address }) => isAllowed(address))) {
    throw forbidden('must be an address of the public internet');
  }
  const [first] = addresses;
  if (first === undefined) throw unreachable();
  return { url, address: first.address, family: first.family === 6 ? 6 : 4 };
}

async function addressesOf(url: URL, resolve: Resolve): Promise<Awaited<ReturnType<Resolve>>> {
  const literal = literalAddress(url);
  if (literal !== undefined) return [{ address: literal, family: literal.includes(':') ? 6 : 4 }];
  try {
    return await resolve(url.hostname);
  } catch {
    throw unreachable();
  }
}

function forbidden(problem: string): FlowferryError {
  return new FlowferryError('callback_forbidden', `The callback's address ${problem}.`);
}

function unreachable(): FlowferryError {
  return new FlowferryError('callback_unreachable', "The callback's name has no address.");
}
