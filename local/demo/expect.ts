/** Something in the demo is not as it should be. */
export class DemoFailure extends Error {
  override readonly name = 'DemoFailure';
}

/** Throws a `DemoFailure` unless the condition holds. */
export function expectThat(condition: boolean, what: string): asserts condition {
  if (!condition) throw new DemoFailure(`expected ${what}`);
}
