import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ErrorObject, OperationUpdate } from '@aws/durable-execution-sdk-js';

/** How an execution ended. */
export type Ending =
  | { status: 'SUCCEEDED'; result: string | undefined }
  | { status: 'FAILED'; error: ErrorObject };

/** What happens to an execution, in order. Its whole state follows from these lines. */
export type JournalLine =
  | { kind: 'started'; at: number; functionName: string; name: string; payload: string }
  | { kind: 'checkpoint'; at: number; updates: OperationUpdate[] }
  /** Waits and pauses between tries that are over. */
  | { kind: 'due'; at: number; ids: string[] }
  | { kind: 'ended'; at: number; ending: Ending };

/** The lines of one execution. */
export interface Journal {
  /** What was written before. */
  readonly lines: readonly JournalLine[];
  /** Durable once it resolves; lines are written in the order of the calls. */
  append(line: JournalLine): Promise<void>;
  close(): Promise<void>;
}

/** A journal that lives as long as the process. */
export function memoryJournal(): Journal {
  const lines: JournalLine[] = [];
  return {
    lines,
    append: async (line) => {
      lines.push(line);
    },
    close: async () => {},
  };
}

/**
 * A journal in a file, one line of JSON each. A process that was killed while it wrote leaves a line without an end:
 * it was never acknowledged, so it is cut off, and what comes after begins on a line of its own.
 */
export async function openJournal(path: string): Promise<Journal> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, 'a+', 0o600);
  try {
    const bytes = await file.readFile();
    const whole = bytes.lastIndexOf('\n') + 1;
    if (whole < bytes.length) await file.truncate(whole);
    return fileJournal(file, parse(bytes.subarray(0, whole).toString('utf8')));
  } catch (error) {
    await file.close();
    throw error;
  }
}

function parse(text: string): JournalLine[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as JournalLine);
}

function fileJournal(file: FileHandle, lines: JournalLine[]): Journal {
  let writing: Promise<void> = Promise.resolve();
  return {
    lines,
    append(line) {
      const write = writing.then(async () => {
        await file.appendFile(`${JSON.stringify(line)}\n`);
        await file.datasync();
        lines.push(line);
      });
      // The next line is written also when this one could not be: its own caller is told.
      writing = write.catch(() => {});
      return write;
    },
    async close() {
      await writing;
      await file.close();
    },
  };
}
