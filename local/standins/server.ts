import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A service of AWS, played on loopback. */
export interface Standin {
  /** What `AWS_ENDPOINT_URL_<SERVICE>` must be set to. */
  endpoint: string;
  /** Resolves once nothing listens any more and all that was stored is on disk. */
  close(): Promise<void>;
}

/** Settings by which a client of the SDK talks to a stand-in: it signs as it always does, with nobody's keys. */
export function localClientConfig(endpoint: string) {
  return {
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
}

/** Listens on 127.0.0.1 only; answers the address as a URL. Rejects when the port is taken. */
export async function listenOnLoopback(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Closes a server without waiting for connections that clients keep open. */
export async function closeServer(server: Server): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeAllConnections();
  });
}
