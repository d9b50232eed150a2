import { sandboxOptionsFrom } from './environment.ts';
import { startSandbox } from './index.ts';
import { endOnSignal } from './signals.ts';

/** Runs the sandbox in a process of its own, set up by the environment, until SIGTERM or SIGINT. */
try {
  const sandbox = await startSandbox(sandboxOptionsFrom(process.env));
  endOnSignal(() => sandbox.close());
  console.log(`sandbox ready on ${sandbox.url}`);
  console.log(
    `accounts: ${sandbox
      .accounts()
      .map(({ name }) => name)
      .join(', ')}`,
  );
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  for (const line of message.split('\n')) console.error(`the sandbox can't start: ${line}`);
  process.exit(1);
}
