import { randomBytes } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { isIP, isIPv6 } from 'node:net';
import { parseUri } from '../../../protocols/sip/message/index.ts';
import type { Timers } from '../../../services/ports/index.ts';
import { type PortRange, RtpEndpoint } from '../../media/index.ts';
import { type Observer, printHost, SipEndpoint } from '../endpoint/index.ts';
import { openNetwork, type TransportName } from '../network/index.ts';
import { Phone, type PhoneIdentity } from './phone.ts';

export type PhoneOptions = {
  /** The user part of the phone's address, and the name it signs in with. */
  readonly user: string;
  readonly password?: string;
  readonly displayName?: string;
  /** `host` or `host:port` of the service; without one, only SIP URIs can be called. */
  readonly server?: string;
  /** The domain of addresses, where it is not the server's host. */
  readonly domain?: string;
  /** UDP unless told otherwise. */
  readonly transport?: TransportName;
  /** The address to listen on; loopback where the server is there, else all. */
  readonly address?: string;
  /** The port for SIP; 0, the default, lets the system choose. */
  readonly port?: number;
  /** The ports for sound; the system chooses unless told otherwise. */
  readonly mediaPorts?: PortRange;
  readonly answers?: 'by-itself' | 'when-told';
  /** How long a registration is asked for; 300 s unless told otherwise. */
  readonly expiresSeconds?: number;
  /** Sees every SIP message. */
  readonly observer?: Observer;
};

export type CreatedPhone =
  | { readonly ok: true; readonly phone: Phone }
  | { readonly ok: false; readonly detail: string };

/** Opens a phone on real sockets. Nothing is sent before `register` or `call`; `close` gives everything back. */
export async function createPhone(options: PhoneOptions): Promise<CreatedPhone> {
  const { user, password, transport = 'udp', observer } = options;
  if (user === '') return { ok: false, detail: 'The phone needs a user.' };
  const server = options.server === undefined ? undefined : await findServer(options.server, transport);
  if (server !== undefined && !server.ok) return server;
  const address = options.address ?? listenAddress(server?.flow.address);
  let network: Awaited<ReturnType<typeof openNetwork>>;
  try {
    network = await openNetwork({ listen: [{ transport, address, port: options.port ?? 0 }] });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { ok: false, detail: `The phone cannot listen on ${address}: ${why}` };
  }
  const timers = new ClosableTimers();
  const newToken = () => randomBytes(9).toString('hex');
  const endpoint = new SipEndpoint({
    network,
    timers,
    newToken,
    ...(observer === undefined ? {} : { observer }),
  });
  const who: PhoneIdentity = {
    user,
    transport,
    expiresSeconds: options.expiresSeconds ?? 300,
    answers: options.answers ?? 'when-told',
    ...(options.displayName === undefined ? {} : { displayName: options.displayName }),
    ...(password === undefined ? {} : { account: { user, password } }),
    ...(server === undefined
      ? {}
      : { server: { domain: options.domain?.toLowerCase() ?? server.domain, flow: server.flow } }),
  };
  const ports = options.mediaPorts === undefined ? {} : { ports: options.mediaPorts };
  const phone = new Phone(who, {
    endpoint,
    timers,
    localAddress: (flow) => network.localAddress(flow),
    openMedia: (mediaAddress, listener) => RtpEndpoint.open({ address: mediaAddress, listener, ...ports }),
    random: Math.random,
    close: async () => {
      timers.close();
      await network.close();
    },
  });
  return { ok: true, phone };
}

async function findServer(text: string, transport: TransportName) {
  const uri = parseUri(`sip:${text}`);
  if (!uri.ok || uri.value.user !== undefined || uri.value.params.size > 0)
    return { ok: false, detail: `"${text}" is no server: it is written host or host:port.` } as const;
  const { host, port } = uri.value;
  const domain = `${printHost(host)}${port === undefined ? '' : `:${port}`}`;
  try {
    const address = isIP(host) === 0 ? (await lookup(host)).address : host;
    return { ok: true, domain, flow: { transport, address, port: port ?? 5060 } } as const;
  } catch {
    return { ok: false, detail: `The server ${host} is not found in the DNS.` } as const;
  }
}

function listenAddress(server: string | undefined): string {
  if (server === undefined || server.startsWith('127.')) return '127.0.0.1';
  if (server === '::1') return '::1';
  return isIPv6(server) ? '::' : '0.0.0.0';
}

/** Timers that end with the phone: transactions linger for half a minute, which nobody is to wait for. */
class ClosableTimers implements Timers {
  readonly #running = new Set<NodeJS.Timeout>();
  #isClosed = false;

  start(afterMs: number, run: () => void): () => void {
    if (this.#isClosed) return () => {};
    const timer = setTimeout(() => {
      this.#running.delete(timer);
      run();
    }, afterMs);
    this.#running.add(timer);
    return () => {
      clearTimeout(timer);
      this.#running.delete(timer);
    };
  }

  close(): void {
    this.#isClosed = true;
    for (const timer of this.#running) clearTimeout(timer);
    this.#running.clear();
  }
}
