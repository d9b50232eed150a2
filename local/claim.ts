import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SettingsError } from './settings-error.ts';

/**
 * Claims a folder for this process, so that a second one is told clearly. The claim is a socket that nobody answers
 * on any more once its process is gone, however it went. That two never write at once is the database's own lock.
 *
 * @throws {SettingsError} when another process has the folder
 */
export async function claimFolder(variable: string, folder: string): Promise<{ close(): Promise<void> }> {
  const digest = createHash('sha256').update(realpathSync(folder)).digest('hex');
  // Addresses of sockets are short: the folder's own path may be too long for one.
  const path = join(tmpdir(), `flowferry-${digest.slice(0, 16)}.sock`);
  if (await isAnswered(path)) throw new SettingsError([`${variable}: another process uses ${folder}.`]);
  await rm(path, { force: true });
  const server = createServer((socket) => socket.destroy());
  await listen(server, path);
  return { close: () => new Promise((resolve) => server.close(() => resolve())) };
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => resolve());
  });
}
