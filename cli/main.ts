import { drained, processIo } from './io.ts';
import { runProgram } from './program.ts';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Who reads only the beginning, such as `head`, closes the pipe: nothing went wrong.
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`flowferry: standard output can't be written (${error.code ?? 'unknown'}).\n`);
  process.exit(1);
});

// That nobody listens any more to what is told on the way is no reason to leave a clone half-done.
process.stderr.on('error', () => undefined);

const code = await runProgram(process.argv.slice(2), processIo(process));
await drained(process);
// Connections kept open for a next call would keep the process, too.
process.exit(code);
