export { createDeadLetterLog, createDeadLetterQueue, type DeadLetters } from './dead-letters.ts';
