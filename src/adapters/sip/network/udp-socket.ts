import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { type Flow, isPort } from './flow.ts';
import type { Surroundings } from './surroundings.ts';

export type UdpSocket = {
  readonly port: number;
  /** Sends one datagram to a literal address; failures are told later. */
  send(bytes: Buffer, to: Flow, onFailure: () => void): void;
  close(): Promise<void>;
};

/** Shorter than any SIP message: blank lines and zero bytes that keep a NAT's mapping open. */
const LONGEST_KEEP_ALIVE = 8;

/**
 * Binds a UDP socket.
 * @param place the socket's place in the flows it hears, where there are several to tell apart
 */
export async function openUdpSocket(
  address: string,
  port: number,
  around: Surroundings,
  place?: number,
): Promise<UdpSocket> {
  const { metrics, limits } = around;
  const socket = createSocket({
    type: isIPv6(address) ? 'udp6' : 'udp4',
    // Each family has a socket of its own, so that neighbours never look like `::ffff:192.0.2.1`.
    ipv6Only: isIPv6(address),
    recvBufferSize: limits.socketBufferBytes,
    sendBufferSize: limits.socketBufferBytes,
    // Addresses are literal. Without this every datagram is put off to a later tick as if it needed the DNS.
    lookup: literalLookup,
  });
  await bound(socket, address, port);
  let isOpen = true;
  socket.on('error', (error) => around.onTrouble(`The UDP socket on ${address} has failed`, error));
  socket.on('message', (bytes, from) => {
    if (bytes.length <= LONGEST_KEEP_ALIVE) {
      metrics.keepAlives += 1;
      return;
    }
    const flow: Flow = { transport: 'udp', address: from.address, port: from.port };
    around.onMessage(bytes, place === undefined ? flow : { ...flow, socket: place });
  });

  return {
    port: socket.address().port,
    send(bytes, to, onFailure) {
      const fail = () => {
        metrics.sendFailures += 1;
        onFailure();
      };
      if (!isOpen || to.address === '' || !isPort(to.port)) {
        process.nextTick(fail);
        return;
      }
      metrics.messagesOut += 1;
      socket.send(bytes, 0, bytes.length, to.port, to.address, (error) => {
        if (error !== null) fail();
      });
    },
    close() {
      isOpen = false;
      return new Promise((resolve) => socket.close(resolve));
    },
  };
}

function bound(socket: Socket, address: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ address, port, exclusive: true }, () => {
      socket.off('error', reject);
      resolve();
    });
  });
}

type LookupCallback = (error: NodeJS.ErrnoException | null, address: string, family: number) => void;

function literalLookup(address: string, _options: unknown, callback: LookupCallback): void {
  callback(null, address, address.includes(':') ? 6 : 4);
}
