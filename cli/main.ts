import { drained, processIo } from './io.ts';
import { runProgram } from './program.ts';

// Who reads only the beginning, such as `head`, closes the pipe: nothing went wrong.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const code = await runProgram(process.argv.slice(2), processIo(process));
await drained(process);
// Connections kept open for a next call would keep the process, too.
process.exit(code);
