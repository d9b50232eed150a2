import { sandboxOptionsFrom } from './environment.ts';
import { startSandbox } from './index.ts';

/** Runs the sandbox in a process of its own, set up by the environment, until SIGTERM or SIGINT. */
const sandbox = await startSandbox(sandboxOptionsFrom(process.env));
console.log(`sandbox ready on ${sandbox.url}`);
console.log(
  `accounts: ${sandbox
    .accounts()
    .map(({ name }) => name)
    .join(', ')}`,
);

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    sandbox.close().then(() => process.exit(0));
  });
}
