/** The key that the benchmark's service takes. */
export const KEY = 'key-of-the-benchmark';
