import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Api } from '../../test/support/service/index.ts';

/** A receiver that hears of every call, and counts. */
export type EventCounter = {
  /** How many events came, each counted once: as soon as it is so many, or after ten seconds. */
  count(expected: number): Promise<number>;
  close(): void;
};

/** Has the service send the events of all calls to a receiver in this process, which costs the service nothing more. */
export async function countEvents(api: Api): Promise<EventCounter> {
  const ids = new Set<string>();
  const server = createServer((request, response) => {
    ids.add(String(request.headers['webhook-id']));
    request.resume().on('end', () => response.writeHead(204).end());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await api.post('/v1/webhooks', { url: `http://127.0.0.1:${port}/`, topics: ['calls'] });
  return {
    async count(expected) {
      for (let waits = 0; ids.size < expected && waits < 100; waits += 1) await sleep(100);
      return ids.size;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
