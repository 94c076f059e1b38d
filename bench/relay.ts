import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { RtpengineRelays } from '../src/adapters/media/rtpengine/index.ts';
import { Rtpengine, soundAt } from '../test/support/relays/index.ts';
import { printTable, short } from './support/figures.ts';
import { cpuSecondsOf } from './support/process-cost.ts';
import { type CallPorts, SoundLoad } from './support/sound-load.ts';

/*
 * Relayed G.711 calls: the relay of the service, rtpengine in userspace, and beside them a forwarder that looks at
 * nothing, under the same load one after the other. What is compared is the CPU time of the relaying process.
 */

const HELP = `node bench/relay.ts [options]

  --calls N      calls at once, of 100 packets a second each (100)
  --seconds N    how long each relay is measured (10), after --warm-up N seconds (3)
  --port N       the first of the ports it uses, four a call (25000)
  --json         prints one JSON object instead of a table

rtpengine is left out where it is not installed. Exit code 1 where a relay lost one packet in a hundred.
`;

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '10' },
    'warm-up': { type: 'string', default: '3' },
    port: { type: 'string', default: '25000' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const LOOPBACK = '127.0.0.1';
const calls = Number(values.calls);
const seconds = Number(values.seconds);
const port = Number(values.port);

type Running = { readonly pid: number; readonly ports: CallPorts; stop(): Promise<void> };

if (values.help) process.stdout.write(HELP);
else await run();

async function run(): Promise<void> {
  const rows = [
    await measure('bare forwarder', (load) => startProcess('bare', load)),
    await measure('embedded', (load) => startProcess('embedded', load)),
  ];
  const rtpengine = await measure('rtpengine', startRtpengine).catch((error: Error) => error);
  if (!(rtpengine instanceof Error)) rows.push(rtpengine);
  else process.stderr.write(`rtpengine is left out: ${rtpengine.message}\n`);
  const bare = rows[0]?.cpuMillisecondsPerCallSecond ?? Number.NaN;
  const figures = rows.map((row) => ({ ...row, ratio: short(row.cpuMillisecondsPerCallSecond / bare) }));
  if (values.json) process.stdout.write(`${JSON.stringify({ calls, seconds, rows: figures })}\n`);
  else
    process.stdout.write(
      printTable(
        ['relay', 'packets/s', 'lost %', 'CPU ms / call-s', 'µs / packet', 'calls / core', 'to bare'],
        figures.map((row) => [
          row.name,
          row.packetsPerSecond,
          row.lostPercent,
          row.cpuMillisecondsPerCallSecond,
          row.microsecondsPerPacket,
          row.callsPerCore,
          row.ratio,
        ]),
      ),
    );
  if (rows.some(({ lostPercent }) => lostPercent >= 1)) process.exitCode = 1;
}

async function measure(name: string, start: (load: SoundLoad) => Promise<Running>) {
  const load = SoundLoad.open();
  try {
    const relay = await start(load);
    try {
      await load.talk(relay.ports, Number(values['warm-up']));
      const before = { cpu: cpuSecondsOf(relay.pid), sent: load.sent, received: load.received };
      await load.talk(relay.ports, seconds);
      const cpuSeconds = cpuSecondsOf(relay.pid) - before.cpu;
      const received = load.received - before.received;
      return {
        name,
        packetsPerSecond: Math.round(received / seconds),
        lostPercent: short(100 * (1 - received / (load.sent - before.sent))),
        cpuMillisecondsPerCallSecond: short((1000 * cpuSeconds) / (calls * seconds)),
        microsecondsPerPacket: short((1e6 * cpuSeconds) / received),
        callsPerCore: Math.round((calls * seconds) / cpuSeconds),
      };
    } finally {
      await relay.stop();
    }
  } finally {
    load.close();
  }
}

async function startProcess(kind: 'bare' | 'embedded', load: SoundLoad): Promise<Running> {
  const program = join(import.meta.dirname, 'support', 'relay-process.ts');
  const given = { kind, calls, caller: load.callerPort, callee: load.calleePort, from: port };
  const options = Object.entries(given).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn(process.execPath, [program, ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.setEncoding('utf8');
  for await (const text of child.stdout.iterator({ destroyOnReturn: false })) {
    printed += text;
    if (printed.endsWith('\n')) break;
  }
  return {
    pid: child.pid ?? 0,
    ports: JSON.parse(printed),
    stop: async () => {
      child.kill();
      await once(child, 'exit');
    },
  };
}

async function startRtpengine(load: SoundLoad): Promise<Running> {
  const daemon = await Rtpengine.start({ from: port, to: port + 4 * calls + 100 });
  const relays = await RtpengineRelays.connect({ address: LOOPBACK, port: daemon.port });
  const stop = async () => {
    await relays.close();
    await daemon.stop();
  };
  const ports: [number, number][] = [];
  for (let n = 0; n < calls; n += 1) {
    const relay = relays.open({
      callId: String(n),
      signalledFrom: { caller: LOOPBACK, callee: LOOPBACK },
      onSilence: () => {},
    });
    const offered = await relay?.offer('caller', soundAt(load.callerPort));
    const answered = await relay?.answer('callee', soundAt(load.calleePort));
    if (!offered?.ok || !answered?.ok) {
      await stop();
      throw new Error('it did not take all calls.');
    }
    ports.push([portIn(answered.value), portIn(offered.value)]);
  }
  return { pid: daemon.pid, ports, stop };
}

function portIn(sdp: string): number {
  return Number(/m=audio (\d+)/.exec(sdp)?.[1]);
}
