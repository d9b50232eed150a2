export interface FuzzSettings {
  /** How many requests are sent in all. */
  runs: number;
  /** Makes the requests: the same seed, the same ones. */
  seed: number;
}

/**
 * What `FLOWFERRY_FUZZ_RUNS` and `FLOWFERRY_FUZZ_SEED` say; an empty variable counts as one that is not there.
 *
 * @throws {Error} where one of them is no whole number
 */
export function readFuzzSettings(
  env: Readonly<Record<string, string | undefined>>,
  otherwise: FuzzSettings,
): FuzzSettings {
  const wholeNumber = (name: string, fallback: number): number => {
    const text = env[name];
    if (!text) return fallback;
    if (/^\d{1,9}$/.test(text)) return Number(text);
    throw new Error(`${name} must be a whole number of at most nine digits.`);
  };
  return {
    runs: wholeNumber('FLOWFERRY_FUZZ_RUNS', otherwise.runs),
    seed: wholeNumber('FLOWFERRY_FUZZ_SEED', otherwise.seed),
  };
}
