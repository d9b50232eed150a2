import type { ExitCode } from './exit.ts';
import { type Answer, bodyOf } from './hosts/service.ts';
import type { Io } from './io.ts';
import { lines } from './output/text.ts';

/** What every command is made with. */
export interface CommandContext {
  io: Io;
  /** Tells what the process is to end with. */
  exit(code: ExitCode): void;
}

/** Prints an answer: exactly as it came for `--json`, else as `render` puts it. Throws where it is a problem. */
export function printAnswer<T>(
  io: Io,
  { json = false }: { json?: boolean },
  answer: Answer,
  render: (body: T) => readonly string[],
): T {
  const body = bodyOf<T>(answer);
  io.out(json ? `${answer.text}\n` : lines(render(body)));
  return body;
}

/** Prints a value that no service answered. */
export function printValue(
  io: Io,
  { json = false }: { json?: boolean },
  value: object,
  render: () => readonly string[],
): void {
  io.out(json ? `${JSON.stringify(value)}\n` : lines(render()));
}
