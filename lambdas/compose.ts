/**
 * The one place where environment variables become ports: a file in `compose/` for each function, which asks for no
 * more than that function uses, so that it needs no variable, no right and no byte besides. Addresses and
 * credentials of AWS are the SDK's own business. Functions import their own file; this one is for hosts of several.
 */
export { composeAccountCheck } from './compose/account-check.ts';
export { composeAccounts } from './compose/accounts.ts';
export { composeClone } from './compose/clone.ts';
export { composeClones } from './compose/clones.ts';
export { composeMeta } from './compose/meta.ts';
export type { Shared } from './compose/parts.ts';
export { composeService } from './compose/service.ts';
export { composeSweeper } from './compose/sweeper.ts';
export { composeWebhooks } from './compose/webhooks.ts';
export { composeWorker } from './compose/worker.ts';
export { composeQueueWorker } from './compose/worker-queue.ts';
