import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import type { SendOutcome } from '../../domain/webhooks/index.ts';
import type { Clock, WebhookMessage, WebhookSender } from '../../services/ports/index.ts';
import { isPublicAddress } from '../dns/index.ts';
import { type Addresses, createAddresses } from './addresses.ts';
import { retryAfterMs } from './retry-after.ts';
import { signedHeaders } from './sign.ts';
import { hostOf } from './targets.ts';

export type WebhookSenderOptions = {
  readonly clock: Clock;
  /** Name servers as `address:port`; empty: those of the system. */
  readonly nameServers: readonly string[];
  /** Whether receivers may be at addresses that are not public, and be spoken to without TLS there. */
  readonly allowsPrivate: boolean;
  /** Names the service to receivers. */
  readonly userAgent: string;
  /** How long an attempt takes at most. */
  readonly timeOutMs?: number;
};

const TIME_OUT_MS = 15_000;

/** Connections stay for the next event, and not for ever. */
const IDLE = { keepAlive: true, timeout: 20_000 };

/** What is read of an answer, for the log. */
const MOST_ANSWER_BYTES = 1_024;

/** Why an attempt came to nothing before there was an answer: a sentence for the log. */
class NotSent extends Error {}

/**
 * Sends webhooks over HTTP. A name is looked up first, addresses that are not public are refused, and the connection
 * goes to the address that was looked at: so nobody makes the service ask a server of its own network (Standard
 * Webhooks 1.0, "Server side request forgery"). Redirects are not followed.
 */
export function createWebhookSender(options: WebhookSenderOptions): WebhookSender & {
  /** Breaks off what is under way. */
  close(): void;
} {
  const { timeOutMs = TIME_OUT_MS } = options;
  const agents = { http: new HttpAgent(IDLE), https: new HttpsAgent(IDLE) };
  const closing = new AbortController();
  const addressesOf = createAddresses(options.clock, options.nameServers);
  return {
    async send(message) {
      const timeOut = AbortSignal.timeout(timeOutMs);
      const signal = AbortSignal.any([timeOut, closing.signal]);
      try {
        const url = new URL(message.url);
        const addresses = await inTime(addressesOf(hostOf(url)), signal);
        const address = addressFor(url, addresses, options.allowsPrivate);
        return await post({ message, url, address, signal, agents, userAgent: options.userAgent });
      } catch (error) {
        return { kind: 'unanswered', reason: reasonOf(error, timeOut, timeOutMs) };
      }
    },
    close() {
      closing.abort();
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

/** The address to connect to: without TLS only where nobody else is on the way. */
function addressFor({ protocol, host }: URL, found: Addresses, allowsPrivate: boolean): string {
  const { addresses, reason = 'no address' } = found;
  const mayBe = (address: string) => (isPublicAddress(address) ? protocol === 'https:' : allowsPrivate);
  const address = addresses.find(mayBe);
  if (address !== undefined) return address;
  if (addresses.length === 0) throw new NotSent(`The DNS does not know ${host}: ${reason}.`);
  throw new NotSent(
    addresses.some(isPublicAddress)
      ? `${host} is a public address, which is sent to over https: only.`
      : `${host} leads to an address that is not public, and is not sent to.`,
  );
}

type Posting = {
  readonly message: WebhookMessage;
  readonly url: URL;
  readonly address: string;
  readonly signal: AbortSignal;
  readonly agents: { readonly http: HttpAgent; readonly https: HttpsAgent };
  readonly userAgent: string;
  /** Whether it wants a connection of its own. */
  readonly isFresh?: boolean;
};

function post(posting: Posting): Promise<SendOutcome> {
  const { message, url, address, signal, agents, userAgent, isFresh } = posting;
  const isTls = url.protocol === 'https:';
  const body = Buffer.from(message.body, 'utf8');
  const options = {
    method: 'POST',
    host: address,
    port: url.port === '' ? (isTls ? 443 : 80) : Number(url.port),
    path: `${url.pathname}${url.search}`,
    signal,
    // The certificate is that of the name; a literal address is checked as such.
    ...(isIP(hostOf(url)) === 0 ? { servername: hostOf(url) } : {}),
    headers: {
      host: url.host,
      'content-type': 'application/json',
      'content-length': body.length,
      'user-agent': userAgent,
      ...signedHeaders(message),
    },
  };
  return new Promise((resolve, reject) => {
    const sent = isTls
      ? httpsRequest({ ...options, agent: isFresh === true ? false : agents.https })
      : httpRequest({ ...options, agent: isFresh === true ? false : agents.http });
    sent.on('error', (error: NodeJS.ErrnoException) => {
      // A kept connection that the other side closed at the same moment: nothing was read of the event.
      if (!sent.reusedSocket || error.code !== 'ECONNRESET') return reject(error);
      post({ ...posting, isFresh: true }).then(resolve, reject);
    });
    sent.on('response', (response) => {
      response.on('error', reject);
      readBeginning(response, (answer) => {
        const status = response.statusCode ?? 0;
        const wait = retryAfterMs(response.headers['retry-after'], message.atMs);
        resolve({
          kind: 'answered',
          status,
          ...(wait === undefined ? {} : { retryAfterMs: wait }),
          ...(answer === '' ? {} : { answer }),
        });
      });
    });
    sent.end(body);
  });
}

/** Reads what an answer begins with; what is longer is not waited for, and its connection is not used again. */
function readBeginning(response: IncomingMessage, onRead: (text: string) => void): void {
  const parts: Buffer[] = [];
  let bytes = 0;
  const done = () => onRead(printable(Buffer.concat(parts).subarray(0, MOST_ANSWER_BYTES).toString('utf8')));
  response.on('data', (part: Buffer) => {
    parts.push(part);
    bytes += part.length;
    if (bytes <= MOST_ANSWER_BYTES) return;
    response.removeAllListeners('end');
    done();
    response.destroy();
  });
  response.on('end', done);
}

/** The log is read in terminals, where control characters do things. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ').trim();
}

function reasonOf(error: unknown, timeOut: AbortSignal, timeOutMs: number): string {
  if (error instanceof NotSent) return error.message;
  if (timeOut.aborted) return `There was no answer within ${timeOutMs / 1000} seconds.`;
  const { code, message } = error as NodeJS.ErrnoException;
  return `It could not be reached: ${code ?? message}.`;
}

/** What comes before the signal, which a look-up does not heed by itself. */
function inTime<Value>(asked: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    asked.then(resolve, reject);
  });
}
