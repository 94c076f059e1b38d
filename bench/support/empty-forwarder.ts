import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { parseArgs } from 'node:util';

/*
 * The least a Node process can do that stands between two phones: it moves bytes, in the shape of a B2BUA
 * (6 packets in, 7 out a call), and reads nothing of them but their first line. With `--challenge` it also
 * answers the first INVITE of a call with 401, as a server that asks for a digest does, and checks nothing.
 * REGISTER it answers with 401 and then with 200, and keeps nothing. What the service costs more than this is what telephony costs.
 *
 *   node bench/support/empty-forwarder.ts --port 24000 --callee 127.0.0.1:24100 [--challenge]
 *
 * It prints `ready` once both sockets are bound; the one towards the callee has the port after `--port`.
 */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '24000' },
    callee: { type: 'string', default: '127.0.0.1:24100' },
    challenge: { type: 'boolean', default: false },
  },
});

const LOOPBACK = '127.0.0.1';
const [calleeHost = LOOPBACK, calleePort = '24100'] = values.callee.split(':');
const port = Number(values.port);

/** Every address is a literal, so that a look-up would be spent on nothing. */
const lookup = (host: string, _options: unknown, done: (error: null, address: string, family: 4) => void) =>
  done(null, host, 4);

function openSocket(): Socket {
  return createSocket({
    type: 'udp4',
    recvBufferSize: 4_194_304,
    sendBufferSize: 4_194_304,
    // The type asks for the whole of dns.lookup, of which a socket uses this much.
    lookup: lookup as unknown as NonNullable<Parameters<typeof createSocket>[0] & object>['lookup'] & object,
  });
}

const towardsCaller = openSocket();
const towardsCallee = openSocket();
let callerPort = 0;
let callerHost = LOOPBACK;

towardsCaller.on('message', (packet: Buffer, from: RemoteInfo) => {
  callerPort = from.port;
  callerHost = from.address;
  if (begins(packet, 'REGISTER')) {
    const proven = packet.includes('Authorization: ');
    answer(packet, proven ? OK : CHALLENGE, proven ? '' : CHALLENGE_FIELD);
    return;
  }
  const isInvite = begins(packet, 'INVITE');
  if (values.challenge) {
    if (isInvite && !packet.includes('Authorization: ')) {
      answer(packet, CHALLENGE, CHALLENGE_FIELD);
      return;
    }
    const isAckOfChallenge = begins(packet, 'ACK') && packet.includes(' 1 ACK');
    if (isAckOfChallenge) return;
  }
  if (isInvite) answer(packet, TRYING, '');
  towardsCallee.send(packet, Number(calleePort), calleeHost);
});

towardsCallee.on('message', (packet: Buffer) => {
  towardsCaller.send(packet, callerPort, callerHost);
});

const OK = 'SIP/2.0 200 OK';
const TRYING = 'SIP/2.0 100 Trying';
const CHALLENGE = 'SIP/2.0 401 Unauthorized';
const CHALLENGE_FIELD =
  '\r\nWWW-Authenticate: Digest realm="omnidial", nonce="empty", algorithm=MD5, qop="auth"';

function begins(packet: Buffer, method: string): boolean {
  return packet.toString('latin1', 0, method.length) === method;
}

/** Sends the request's own header lines back under a status line, without its body. */
function answer(request: Buffer, statusLine: string, field: string): void {
  const from = request.indexOf('\r\n');
  const to = request.indexOf('\r\nContent-');
  const lines = request.toString('latin1', from, to === -1 ? request.length : to);
  const response = Buffer.from(`${statusLine}${lines}${field}\r\nContent-Length: 0\r\n\r\n`, 'latin1');
  towardsCaller.send(response, callerPort, callerHost);
}

await Promise.all([
  new Promise<void>((resolve) => towardsCaller.bind(port, LOOPBACK, resolve)),
  new Promise<void>((resolve) => towardsCallee.bind(port + 1, LOOPBACK, resolve)),
]);
process.stdout.write('ready\n');
