import type { Io } from '../io.ts';

/** How far something is: what it is doing, and how much of that is done. */
interface Progress {
  stage: string;
  done: number;
  pending: number;
  secondsLeft?: number | undefined;
}

/** Shows how far a clone or a sync is. */
export interface ProgressView {
  show(progress: Progress): void;
  /** A line of its own, above the live one. */
  say(line: string): void;
  /** Leaves nothing half-written behind. */
  end(): void;
}

const CLEAR = '\r\u001b[2K';

/** One live line on a terminal, a line a stage elsewhere, nothing where `quiet`. */
export function progressView(io: Pick<Io, 'err' | 'isWatched'>, { quiet }: { quiet: boolean }): ProgressView {
  let stage: string | undefined;
  let live = false;
  const clear = () => {
    if (live) io.err(CLEAR);
    live = false;
  };
  return {
    show: (progress) => {
      if (quiet || progress.stage === 'done') return;
      if (io.isWatched) {
        io.err(`${CLEAR}${describe(progress)}`);
        live = true;
      } else if (progress.stage !== stage) {
        io.err(`${describe(progress)}\n`);
      }
      stage = progress.stage;
    },
    say: (line) => {
      clear();
      io.err(`${line}\n`);
    },
    end: clear,
  };
}

function describe({ stage, done, pending, secondsLeft }: Progress): string {
  const total = done + pending;
  const count = total === 0 ? '' : ` ${done}/${total}`;
  return `${stage}${count}${secondsLeft === undefined ? '' : `, about ${Math.ceil(secondsLeft)} s left`}`;
}
