/** RFC 7240, section 4.1: `respond-async` among the preferences, which may come in any case and company. */
export function prefersAsync(header: string | undefined): boolean {
  return (header ?? '')
    .split(/[,;]/)
    .some((preference) => preference.trim().toLowerCase() === 'respond-async');
}
