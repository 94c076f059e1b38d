import type { Service } from './service.ts';

/** What the service has to be started with, so that its memory can be looked into. */
export const INSPECTABLE = ['--inspect=127.0.0.1:0'];

/**
 * The megabytes that the service still needs, after its garbage was collected: what a leak would make grow. The
 * memory of the process says less, since V8 keeps the room it once had for the next storm.
 */
export async function liveMegabytes(inspectorUrl: string): Promise<number> {
  const socket = new WebSocket(inspectorUrl);
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', () => reject(new Error('The service cannot be looked into.')));
  });
  try {
    await ask(socket, 1, 'HeapProfiler.collectGarbage');
    const { usedSize, backingStorageSize } = await ask(socket, 2, 'Runtime.getHeapUsage');
    return (Number(usedSize) + Number(backingStorageSize)) / 1e6;
  } finally {
    socket.close();
  }
}

/** Where a service that was started `INSPECTABLE` can be looked into. */
export function inspectorUrlOf(service: Service): string {
  const url = /Debugger listening on (ws:\S+)/.exec(service.log)?.[1];
  if (url === undefined) throw new Error(`The service was not started to be looked into.\n${service.log}`);
  return url;
}

function ask(socket: WebSocket, id: number, method: string): Promise<Readonly<Record<string, unknown>>> {
  return new Promise((resolve, reject) => {
    const onMessage = ({ data }: MessageEvent) => {
      const answer = JSON.parse(String(data)) as { id?: number; result?: Record<string, unknown> };
      if (answer.id !== id) return;
      socket.removeEventListener('message', onMessage);
      if (answer.result === undefined) reject(new Error(`${method} was refused: ${data}`));
      else resolve(answer.result);
    };
    socket.addEventListener('message', onMessage);
    socket.send(JSON.stringify({ id, method }));
  });
}
