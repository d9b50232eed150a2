/** Telling others what became of a clone. */
export { type Announcer, type AnnouncerPorts, createAnnouncer } from './announcer.ts';
