/** Telling a caller's own address that a clone has ended. */
export { isLoopbackAddress, isPublicAddress, literalAddress } from './address.ts';
export { type Callback, type CallbackSender, createCallbackSender } from './sender.ts';
export { callbackTarget, callbackUrlProblem, type Resolve, resolveName } from './target.ts';
