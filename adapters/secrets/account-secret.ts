import { FlowferryError } from '../../core/model/problem.ts';
import { baseUrlOf, REGIONS, type Region } from '../integrator/regions.ts';
import { membersOf, parseSecret } from './read.ts';

/** What an account's secret says. The token must never be logged, answered or stored elsewhere. */
export interface AccountSecret {
  token: string;
  region: Region;
  /** Takes the place of the region's origin, when given. */
  baseUrl?: string | undefined;
}

const FIELDS = new Set(['token', 'region', 'baseUrl']);

function unusable(name: string, why: string): FlowferryError {
  return new FlowferryError('invalid_account', `The secret of account ${name} can't be used: ${why}.`);
}

function isRegion(value: unknown): value is Region {
  return typeof value === 'string' && Object.hasOwn(REGIONS, value);
}

/**
 * Reads the text of an account's secret. Errors say what is wrong with it without quoting any of it, field names
 * included: a token may stand where it does not belong.
 *
 * @throws {FlowferryError} `invalid_account`
 */
export function parseAccountSecret(
  name: string,
  secret: string,
  { allowLoopbackHttp }: { allowLoopbackHttp: boolean },
): AccountSecret {
  return checkAccountSecret(name, parseSecret(secret), { allowLoopbackHttp });
}

/** As `parseAccountSecret`, for a value that is parsed already. */
export function checkAccountSecret(
  name: string,
  value: unknown,
  { allowLoopbackHttp }: { allowLoopbackHttp: boolean },
): AccountSecret {
  const members = membersOf(value);
  if (!members) throw unusable(name, 'it is not a JSON object');
  const token = members.get('token');
  const region = members.get('region') ?? 'us';
  const baseUrl = members.get('baseUrl');
  if ([...members.keys()].some((field) => !FIELDS.has(field))) {
    throw unusable(name, 'it has a field besides token, region and baseUrl');
  }
  // A token travels in a header: other characters would break out of it or be refused with the token quoted.
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) {
    throw unusable(name, 'its token must be printable ASCII without spaces');
  }
  if (!isRegion(region)) throw unusable(name, `its region must be ${Object.keys(REGIONS).join(' or ')}`);
  if (baseUrl === undefined) return { token, region };
  if (typeof baseUrl !== 'string') throw unusable(name, 'its baseUrl is not a string');
  return { token, region, baseUrl: baseUrlOf({ region, baseUrl, allowLoopbackHttp }) };
}
