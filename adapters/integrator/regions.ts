import { FlowferryError } from '../../core/model/problem.ts';

/** integrator.io's regions and the origins of their APIs. They share nothing: a token of one is refused by the other. */
export const REGIONS = {
  us: 'https://api.integrator.io',
  eu: 'https://api.eu.integrator.io',
} as const;

export type Region = keyof typeof REGIONS;

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

export interface BaseUrlOptions {
  region?: Region | undefined;
  /** Takes the place of the region's origin. */
  baseUrl?: string | undefined;
  /** Local runs only: http is allowed, on loopback addresses. */
  allowLoopbackHttp?: boolean | undefined;
}

/**
 * The address that paths are put behind, without a slash at its end. An override must be https, or http on a
 * loopback address where that is allowed; it carries no user, query or fragment.
 *
 * @throws {FlowferryError} `invalid_account`
 */
export function baseUrlOf(options: BaseUrlOptions): string {
  const { region = 'us', baseUrl, allowLoopbackHttp = false } = options;
  if (!Object.hasOwn(REGIONS, region)) throw invalid('its region must be us or eu');
  if (baseUrl === undefined) return REGIONS[region];
  if (!URL.canParse(baseUrl)) throw invalid('its baseUrl is not a URL');
  const url = new URL(baseUrl);
  const isLoopbackHttp = url.protocol === 'http:' && LOOPBACK.test(url.hostname);
  if (url.protocol !== 'https:' && !(isLoopbackHttp && allowLoopbackHttp)) {
    throw invalid('its baseUrl must be https, or http on a loopback address where this process allows it');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw invalid('its baseUrl must have no user, query or fragment');
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

function invalid(why: string): FlowferryError {
  return new FlowferryError('invalid_account', `the account can't be used: ${why}`);
}
