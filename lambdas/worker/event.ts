import * as z from 'zod/mini';

/** What a worker is started with: request, snapshot and plan are in the table. */
export const workerEvent = z.strictObject({
  cloneId: z.string().check(z.minLength(1)),
  attempt: z.number().check(z.int(), z.gte(1)),
});

export type WorkerEvent = z.infer<typeof workerEvent>;
