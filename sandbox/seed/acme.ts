import { STANDALONE } from '../account.ts';
import type { Collection, Document } from '../documents.ts';
import { connections } from './connections.ts';

/** A customer's account before anything was cloned into it: connections, and where loose flows go. */
export function acme(): Partial<Record<Collection, Document[]>> {
  const createdAt = '2024-02-05T09:00:00.000Z';
  return {
    integrations: [
      {
        _id: '65c0a4d0e7b1f2a3c4d50001',
        name: STANDALONE,
        flowGroupings: [],
        _registeredConnectionIds: [],
        createdAt,
        lastModified: createdAt,
      },
    ],
    connections: connections({ idPrefix: '65c0a4d0e7b1f2a3c4d5c0', secret: 'planted-acme', createdAt }),
  };
}
