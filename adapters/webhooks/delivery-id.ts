import { createHash } from 'node:crypto';

/** What a name must be to stand in answers and logs. */
const NAME = /^[\x21-\x7e]{1,200}$/;

/** The sender's own name for a delivery where it gave one that can be used, else the raw body's digest. */
export function deliveryIdOf(given: string | undefined, body: Buffer): string {
  if (given !== undefined && NAME.test(given)) return given;
  return `sha256-${createHash('sha256').update(body).digest('hex')}`;
}
