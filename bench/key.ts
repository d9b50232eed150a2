/** The key that the benchmark's service takes. */
export const KEY = 'key-of-the-benchmark';

/** Accounts that are cloned into, each with an integrator.io token of its own. */
export const TENANTS = ['tenant', 'tenant-2', 'tenant-3'] as const;

export type Tenant = (typeof TENANTS)[number];

export const tokenOf = (tenant: Tenant): string => `${tenant}-token`;
