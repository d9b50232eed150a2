import type { Log } from '../core/ports.ts';
import { createLineLog } from '../local/log.ts';
import { LeftError } from './follow.ts';
import { chooseHost, type HostChoice, type HostOptions } from './hosts/choose.ts';
import type { Service } from './hosts/service.ts';
import type { Io } from './io.ts';

/** Whether a command reads stores, writes them, or needs none. */
export type StoreNeed = 'none' | 'read' | 'write';

/**
 * Opens the service that a command asks, here or elsewhere, for the time of `work`. Everything heavy is loaded only
 * where it is needed.
 *
 * @throws {UsageError}
 */
export async function withService<T>(
  io: Io,
  options: HostOptions,
  need: StoreNeed,
  work: (service: Service, choice: HostChoice) => Promise<T>,
): Promise<T> {
  const choice = chooseHost(options, io);
  const service = await open(io, choice, need, options);
  let left = false;
  try {
    return await work(service, choice);
  } catch (error) {
    left = error instanceof LeftError;
    throw error;
  } finally {
    // Who presses Ctrl-C twice does not want to wait for the steps under way.
    if (!left) await service.close();
  }
}

async function open(io: Io, choice: HostChoice, need: StoreNeed, options: HostOptions): Promise<Service> {
  const { clock } = io;
  if (choice.kind === 'remote') {
    const { openRemote } = await import('./hosts/remote.ts');
    return openRemote({ url: choice.url, key: choice.key, clock });
  }
  const [{ openDirect }, stores] = await Promise.all([
    import('./hosts/direct.ts'),
    openNeeded(choice.folder, need, io),
  ]);
  return openDirect({ accounts: choice.accounts, stores, clock, newId: io.newId, log: logOf(io, options) });
}

/** What only reads leaves no folder behind where there was none. */
async function openNeeded(folder: string, need: StoreNeed, { clock }: Io) {
  const { hasStores, openEmptyStores, openStores } = await import('./hosts/direct-stores.ts');
  const isEmpty = need === 'none' || (need === 'read' && !hasStores(folder));
  return isEmpty ? openEmptyStores(clock) : openStores(folder, clock);
}

function logOf(io: Io, { verbose = false }: HostOptions): Log {
  return createLineLog((line) => io.err(`${line}\n`), verbose ? 'INFO' : 'SILENT');
}
