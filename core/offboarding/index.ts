/** Clearing an account of all that we made in it. */
export { offboard } from './offboard.ts';
export { EVERY_SOURCE, newOffboardingRecord } from './record.ts';
