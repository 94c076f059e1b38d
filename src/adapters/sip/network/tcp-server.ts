import { createServer, isIPv6, type Server, type Socket } from 'node:net';
import type { Surroundings } from './surroundings.ts';

export type TcpServer = { readonly port: number; close(): Promise<void> };

/** A queue of connections that the process has not yet taken: a burst of phones after a power failure. */
const BACKLOG = 4096;

/** Listens for TCP connections and hands each to `accept`. */
export async function openTcpServer(
  address: string,
  port: number,
  around: Surroundings,
  accept: (socket: Socket) => void,
): Promise<TcpServer> {
  const server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 }, accept);
  await listening(server, address, port);
  // Too many open files among others: the connection is lost, the server goes on.
  server.on('error', (error) => around.onTrouble(`A connection on ${address} could not be accepted`, error));
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function listening(server: Server, address: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: address, port, backlog: BACKLOG, ipv6Only: isIPv6(address) }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
