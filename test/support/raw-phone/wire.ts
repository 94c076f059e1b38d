import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createConnection } from 'node:net';

/** Carries SIP text to one server and back, by datagrams or on one connection. */
export type Wire = {
  readonly transport: 'UDP' | 'TCP';
  readonly localPort: number;
  send(message: string | Buffer): void;
  close(): void;
};

export type WireOptions = {
  /** `host:port` of the server. */
  readonly server: string;
  readonly transport?: 'udp' | 'tcp';
  /** The local port; any free one where absent. */
  readonly port?: number;
};

/** Opens a wire; `received` gets one whole message at a time, `closed` is told when the server hangs up. */
export function openWire(
  options: WireOptions,
  received: (message: string) => void,
  closed = () => {},
): Promise<Wire> {
  return options.transport === 'tcp' ? openTcp(options, received, closed) : openUdp(options, received);
}

async function openUdp(
  { server, port = 0 }: WireOptions,
  received: (message: string) => void,
): Promise<Wire> {
  const { host, port: serverPort } = addressOf(server);
  const socket = createSocket({ type: 'udp4', recvBufferSize: 4_194_304, sendBufferSize: 4_194_304 });
  socket.on('message', (packet) => received(packet.toString('utf8')));
  socket.on('error', () => {});
  socket.bind(port, '127.0.0.1');
  await once(socket, 'listening');
  return {
    transport: 'UDP',
    localPort: socket.address().port,
    send: (message) => socket.send(message, serverPort, host),
    close: () => socket.close(),
  };
}

async function openTcp(
  { server, port }: WireOptions,
  received: (message: string) => void,
  closed: () => void,
): Promise<Wire> {
  const { host, port: serverPort } = addressOf(server);
  const socket = createConnection({
    host,
    port: serverPort,
    localAddress: '127.0.0.1',
    ...(port && { localPort: port }),
  });
  socket.on('error', () => {});
  await once(socket, 'connect');
  let unread = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    unread += text;
    for (let whole = firstMessage(unread); whole !== undefined; whole = firstMessage(unread)) {
      unread = unread.slice(whole.length);
      if (whole.trim() !== '') received(whole.trimStart());
    }
  });
  socket.on('close', closed);
  return {
    transport: 'TCP',
    localPort: socket.localPort ?? 0,
    send: (message) => socket.write(message),
    close: () => socket.destroy(),
  };
}

/** The first whole message of a stream (RFC 3261 §18.3), or undefined while it is not all there. */
function firstMessage(text: string): string | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const length = Number(/^Content-Length:\s*(\d+)/im.exec(text.slice(0, end))?.[1] ?? 0);
  const whole = text.slice(0, end + 4 + length);
  return whole.length === end + 4 + length ? whole : undefined;
}

function addressOf(server: string): { host: string; port: number } {
  const colon = server.lastIndexOf(':');
  return { host: server.slice(0, colon), port: Number(server.slice(colon + 1)) };
}
