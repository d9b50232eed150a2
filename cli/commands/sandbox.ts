import { Command } from 'commander';
import type { Sandbox, SandboxOptions } from '../../sandbox/index.ts';
import type { CommandContext } from '../command.ts';
import type { Io } from '../io.ts';
import { number, type OutputOptions, wholeNumber, withOutput } from '../options/shared.ts';
import { lines } from '../output/text.ts';
import { UsageError } from '../usage-error.ts';

interface SandboxCommandOptions extends OutputOptions {
  port: number;
  latency: number;
  bucket?: string;
  accounts?: string;
}

const NOTE = `
Its accounts are blueprint (token sandbox-blueprint-token) and acme (token sandbox-acme-token). To reach them, put
into the file for --accounts:
  {
    "blueprint": { "token": "sandbox-blueprint-token", "baseUrl": "http://127.0.0.1:3001" },
    "acme": { "token": "sandbox-acme-token", "baseUrl": "http://127.0.0.1:3001" }
  }`;

/** `flowferry sandbox`. */
export function sandboxCommand({ io }: CommandContext): Command {
  const command = new Command('sandbox')
    .description('serve a sandbox of integrator.io on loopback, until it is ended')
    .option('--port <port>', '0: any free one', wholeNumber(0, 65_535), 3001)
    .option('--latency <ms>', 'hold every answer back for so long', number, 0)
    .option(
      '--bucket <bucket>',
      "size and refill a second of each account's rate limit, or unlimited (default: 1000,300)",
    )
    .option(
      '--accounts <file>',
      'JSON file {"<name>": {"token", "userId", "documents"?}} in place of the two accounts',
    );
  return withOutput(command)
    .addHelpText('after', NOTE)
    .action(async (options: SandboxCommandOptions) => {
      const sandbox = await start(options);
      const ended = Promise.withResolvers<void>();
      const release = io.onInterrupt(() => ended.resolve());
      tell(io, options, sandbox);
      await ended.promise;
      release();
      await sandbox.close();
    });
}

/** Which option stands for which variable of the sandbox, in whose words it complains. */
const OPTION_OF: Readonly<Record<string, string>> = {
  SANDBOX_PORT: '--port',
  SANDBOX_LATENCY_MS: '--latency',
  SANDBOX_BUCKET: '--bucket',
  SANDBOX_ACCOUNTS: '--accounts',
};

async function start({ port, latency, bucket, accounts }: SandboxCommandOptions): Promise<Sandbox> {
  const [{ startSandbox }, { sandboxOptionsFrom }] = await Promise.all([
    import('../../sandbox/index.ts'),
    import('../../sandbox/environment.ts'),
  ]);
  try {
    const options: SandboxOptions = sandboxOptionsFrom({
      SANDBOX_PORT: String(port),
      SANDBOX_LATENCY_MS: String(latency),
      SANDBOX_BUCKET: bucket,
      SANDBOX_ACCOUNTS: accounts,
    });
    return await startSandbox(options);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE' || code === 'EACCES')
      throw new UsageError(`--port: ${port} is taken or not allowed (${code})`);
    throw new UsageError(
      message.replaceAll(/SANDBOX_[A-Z_]+/g, (variable) => OPTION_OF[variable] ?? variable).split('\n'),
    );
  }
}

function tell(io: Io, { json = false }: OutputOptions, sandbox: Sandbox): void {
  const accounts = sandbox.accounts().map(({ name }) => name);
  if (json) io.out(`${JSON.stringify({ url: sandbox.url, accounts })}\n`);
  else io.out(lines([`sandbox ready on ${sandbox.url}`, `accounts: ${accounts.join(', ')}`]));
}
