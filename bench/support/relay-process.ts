import { createSocket, type Socket } from 'node:dgram';
import { parseArgs } from 'node:util';
import { EmbeddedRelays } from '../../src/adapters/media/relay/index.ts';
import { soundAt } from '../../test/support/relays/index.ts';

/*
 * A relay in a process of its own, so that its CPU time is its own: the embedded one, or `bare`, which passes each
 * datagram on to where it was told and looks at nothing. Prints the ports of each call as JSON, as the caller and as
 * the callee sees them, once all are bound.
 */
const { values } = parseArgs({
  options: {
    kind: { type: 'string', default: 'embedded' },
    calls: { type: 'string', default: '100' },
    caller: { type: 'string', default: '0' },
    callee: { type: 'string', default: '0' },
    from: { type: 'string', default: '0' },
  },
});

const LOOPBACK = '127.0.0.1';
const calls = Number(values.calls);
const callerPort = Number(values.caller);
const calleePort = Number(values.callee);
const from = Number(values.from);

const ports: [number, number][] = [];
if (values.kind === 'bare') {
  for (let n = 0; n < calls; n += 1) {
    const [towardsCaller, towardsCallee] = [bound(), bound()];
    towardsCaller.on('message', (bytes) => towardsCallee.send(bytes, calleePort, LOOPBACK));
    towardsCallee.on('message', (bytes) => towardsCaller.send(bytes, callerPort, LOOPBACK));
    ports.push([towardsCaller.address().port, towardsCallee.address().port]);
  }
} else {
  const relays = new EmbeddedRelays({ address: LOOPBACK, ports: { from, to: from + 4 * calls } });
  for (let n = 0; n < calls; n += 1) {
    const relay = relays.open({
      callId: String(n),
      signalledFrom: { caller: LOOPBACK, callee: LOOPBACK },
      onSilence: () => {},
    });
    const offered = relay?.offer('caller', soundAt(callerPort));
    const answered = relay?.answer('callee', soundAt(calleePort));
    if (!offered?.ok || !answered?.ok) throw new Error('A call could not be relayed.');
    ports.push([portIn(answered.value), portIn(offered.value)]);
  }
}
process.stdout.write(`${JSON.stringify(ports)}\n`);

function portIn(sdp: string): number {
  return Number(/m=audio (\d+)/.exec(sdp)?.[1]);
}

/** Bound when it returns, since nothing has to be looked up. */
function bound(): Socket {
  const socket = createSocket({
    type: 'udp4',
    // Every address is a literal. The type asks for the whole of dns.lookup, of which a socket uses this much.
    lookup: ((host: string, _options: unknown, done: (error: null, address: string, family: 4) => void) =>
      done(null, host, 4)) as unknown as NonNullable<Parameters<typeof createSocket>[0] & object>['lookup'] &
      object,
  });
  socket.bind(0, LOOPBACK);
  return socket;
}
