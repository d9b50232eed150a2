/** What a sender's webhook means: whether it signed it, how it names it, and which clone it asks for. */
export { type Hook, type HookSignature, parseHook } from './definition.ts';
export { deliveryIdOf } from './delivery-id.ts';
export { isWanted, type Mapped, mapPayload } from './mapping.ts';
export { type Delivery, type Verified, verify } from './signature.ts';
