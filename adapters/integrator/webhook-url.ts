import type { Document, Json } from '../../core/model/resource.ts';

/** Senders of these providers sign what they send, so that their address carries no secret. */
const SIGNING_PROVIDERS = new Set(['github', 'shopify']);

/**
 * The address a webhook export receives at: `/v1/exports/{id}/data`, with `webhook.token` before `data` when the
 * address itself is the secret: `verify` is `secret_url`, or unset for a provider that does not sign. A token
 * that the account masks can't be put in; the address is then the one without.
 */
export function webhookUrlOf(baseUrl: string, document: Document): string {
  const webhook = document['webhook'];
  const token = isObject(webhook) && isSecretAddress(webhook) ? usableToken(webhook['token']) : undefined;
  const secret = token === undefined ? '' : `/${encodeURIComponent(token)}`;
  return `${baseUrl}/v1/exports/${encodeURIComponent(document._id)}${secret}/data`;
}

function isSecretAddress(webhook: { [key: string]: Json | undefined }): boolean {
  const verify = webhook['verify'];
  if (typeof verify === 'string' && verify !== '') return verify === 'secret_url';
  return !SIGNING_PROVIDERS.has(String(webhook['provider'] ?? ''));
}

function usableToken(token: Json | undefined): string | undefined {
  return typeof token === 'string' && !/^\**$/.test(token) ? token : undefined;
}

function isObject(value: Json | undefined): value is { [key: string]: Json | undefined } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
