import type { SandboxAccount } from '../types.ts';
import { acme } from './acme.ts';
import { blueprint } from './blueprint.ts';

/** The accounts that the sandbox starts with; made anew at each call. */
export function defaultAccounts(): SandboxAccount[] {
  return [
    {
      name: 'blueprint',
      token: 'sandbox-blueprint-token',
      userId: '5e03f1a2b4c5d60718290f09',
      region: 'us',
      documents: blueprint(),
    },
    {
      name: 'acme',
      token: 'sandbox-acme-token',
      userId: '5e9b7c3d2e1f40a5b6c7d8e9',
      region: 'us',
      documents: acme(),
    },
  ];
}
