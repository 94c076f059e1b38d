import { connect, type Socket } from 'node:net';

/** Connections that say half a request and then nothing. */
export type HalfOpen = {
  /** How many the server took, and how many of those it has hung up since. */
  readonly opened: number;
  hungUp(): number;
  close(): void;
};

const AT_ONCE = 500;

/** Opens so many connections to a server, each of which begins a request that it never ends. */
export async function openHalf(server: string, count: number): Promise<HalfOpen> {
  const [host = '', port = ''] = server.split(':');
  const sockets: Socket[] = [];
  let opened = 0;
  let hungUp = 0;
  const one = () =>
    new Promise<void>((resolve) => {
      const socket = connect(Number(port), host);
      sockets.push(socket);
      socket.on('connect', () => {
        opened += 1;
        socket.write(`OPTIONS sip:half@${server} SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1`);
        resolve();
      });
      socket.on('error', () => resolve());
      socket.on('close', () => {
        hungUp += 1;
        resolve();
      });
      socket.resume();
    });
  for (let done = 0; done < count; done += AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - done) }, one));
  }
  return {
    opened,
    hungUp: () => hungUp,
    close: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}
