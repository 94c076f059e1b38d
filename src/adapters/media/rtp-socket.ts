import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';

/** Ports from `from` to `to`, both included; RTP takes the even ones (RFC 3550 §11). */
export type PortRange = { readonly from: number; readonly to: number };

/**
 * Binds a UDP socket for RTP: on the first free even port of the range, beginning where chance says, so that
 * the port of a call that has just ended is not at once another's; without a range, where the system says.
 * Rejects with a sentence where none is free.
 */
export async function bindRtpSocket(address: string, ports?: PortRange): Promise<Socket> {
  if (ports === undefined) return bind(address, 0);
  const first = ports.from + (ports.from % 2);
  const count = Math.floor((ports.to - first) / 2) + 1;
  const start = Math.floor(Math.random() * count);
  for (let tried = 0; tried < count; tried += 1) {
    try {
      return await bind(address, first + 2 * ((start + tried) % count));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    }
  }
  throw new Error(`No even port from ${ports.from} to ${ports.to} is free on ${address} for sound.`);
}

async function bind(address: string, port: number): Promise<Socket> {
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  try {
    socket.bind(port, address);
    await once(socket, 'listening');
    return socket;
  } catch (error) {
    socket.close();
    throw error;
  }
}
