/** The account that every tenant is kept in step with. */
export const SOURCE = 'blueprint';

/** The account of one tenant, by its number. */
export function accountOf(number: number): string {
  return `tenant-${String(number).padStart(3, '0')}`;
}
