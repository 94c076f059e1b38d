import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Service, type ShownCall } from '../test/support/service/index.ts';
import { runSipp, startSipp } from '../test/support/sipp/index.ts';
import { outwardRows, setUpCarrier, setUpCharging, wonEarned } from './support/carrier.ts';
import { countEvents } from './support/event-counter.ts';
import { printTable, quantile, short } from './support/figures.ts';
import { startForwarder } from './support/forwarder.ts';
import { type Measured, measure } from './support/measure.ts';
import { hotspots } from './support/profile-summary.ts';
import { callRows, makeSubscribers, registrationRows } from './support/subscribers.ts';

/*
 * Calls through the whole service, with a digest on every INVITE, numbers resolved and call records written, and
 * beside it the empty forwarder under the same load. What is compared is the CPU time of the server's own process.
 */

const HELP = `node bench/calls.ts [options]

  --rate N       calls a second (1000)
  --seconds N    how long each server is measured (20), after --warm-up N seconds (5)
  --hold N       milliseconds from answer to BYE (200)
  --charged      calls go out to a carrier, first without charging and then with every call charged
  --webhook      sends an event of every call to a receiver; the price of sending is the service's
  --no-forwarder leaves out the empty forwarders
  --port N       the first of the forty ports it uses (24400)
  --profile      writes a V8 profile of the service, and says where its time went
  --json         prints one JSON object instead of a table

Exit code 1 where a call failed or a record is missing or open.
`;

const SUBSCRIBERS = 200;
const RECORD_ATTEMPTS = 5;

type Row = { readonly name: string } & Measured;

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '20' },
    'warm-up': { type: 'string', default: '5' },
    hold: { type: 'string', default: '200' },
    port: { type: 'string', default: '24400' },
    forwarder: { type: 'boolean', default: true },
    charged: { type: 'boolean', default: false },
    webhook: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
  allowNegative: true,
});

const firstPort = Number(values.port);
const PORTS = {
  service: firstPort,
  forwarder: firstPort + 10,
  callee: firstPort + 20,
  caller: firstPort + 30,
};

if (values.help) process.stdout.write(HELP);
else process.exitCode = await main();

async function main(): Promise<number> {
  const load = {
    ratePerSecond: Number(values.rate),
    seconds: Number(values.seconds),
    warmUpSeconds: Number(values['warm-up']),
  };
  if (values.charged) return compareCharged(load);
  const served = await measureService(load);
  const rows: Row[] = [{ name: 'omnidial', ...served.measured }];
  if (values.forwarder) {
    rows.push({ name: 'empty forwarder', ...(await measureForwarder(load, false)) });
    rows.push({ name: 'empty forwarder, challenging', ...(await measureForwarder(load, true)) });
  }
  const isClean = rows.every(({ failed }) => failed === 0) && served.records.wrong === 0;
  if (values.json) process.stdout.write(`${JSON.stringify(asJson(rows, served), null, 2)}\n`);
  else report(rows, served);
  return isClean ? 0 : 1;
}

/** The price of charging: the same calls to a carrier without it, and with it. */
async function compareCharged(load: Load): Promise<number> {
  const uncharged = await measureService(load, 'to-a-carrier');
  const charged = await measureService(load, 'charged');
  const rows: Row[] = [
    { name: 'charged', ...charged.measured },
    { name: 'uncharged', ...uncharged.measured },
  ];
  const { seconds } = charged.records;
  const isExact = charged.won === seconds;
  if (values.json) process.stdout.write(`${JSON.stringify(asJson(rows, charged), null, 2)}\n`);
  else {
    report(rows, charged);
    process.stdout.write(
      `charged costs ${ratio(rows, 1)} of uncharged; ${charged.won} won for ${seconds} s\n`,
    );
  }
  const isClean = rows.every(({ failed }) => failed === 0) && charged.records.wrong === 0;
  return isClean && isExact ? 0 : 1;
}

type Load = { ratePerSecond: number; seconds: number; warmUpSeconds: number };
type Records = {
  readonly completed: number;
  readonly wrong: number;
  /** Seconds that were begun, which cost a won each. */
  readonly seconds: number;
};
type Served = {
  readonly measured: Measured;
  readonly records: Records;
  /** How many calls a receiver heard of, where there is one. */
  readonly told?: number;
  /** What the calls brought, where they were charged. */
  readonly won?: number;
  readonly profileFolder?: string;
};

async function measureService(
  load: Load,
  kind: 'on-net' | 'to-a-carrier' | 'charged' = 'on-net',
): Promise<Served> {
  const profileFolder = values.profile ? mkdtempSync(join(tmpdir(), 'omnidial-profile-')) : undefined;
  const service = await Service.start({
    sipPort: PORTS.service,
    env: { OMNIDIAL_LOG: 'warn', OMNIDIAL_PRIVATE_ADDRESSES: 'yes', OMNIDIAL_MEDIA: 'never' },
    nodeOptions: profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`],
  });
  try {
    const subscribers = await makeSubscribers(service.api, SUBSCRIBERS);
    const callers = subscribers.slice(0, SUBSCRIBERS / 2);
    const callees = subscribers.slice(SUBSCRIBERS / 2);
    for (const [side, port] of [
      [callers, PORTS.caller],
      [callees, PORTS.callee],
    ] as const) {
      const registered = await runSipp({
        scenario: 'terminal',
        remote: service.sipAddress,
        port,
        rows: registrationRows(side),
        calls: side.length,
        ratePerSecond: 100,
      });
      if (registered.failed > 0) throw new Error(`Not all phones registered: ${registered.complaints}`);
    }
    if (kind !== 'on-net') await setUpCarrier(service.api, PORTS.callee);
    if (kind === 'charged') await setUpCharging(service.api, callers);
    const dialled = kind === 'on-net' ? callRows(callers, callees) : outwardRows(callers);
    const events = values.webhook ? await countEvents(service.api) : undefined;
    const measured = await measureCalls(service.pid, service.sipAddress, dialled, load);
    const calls = load.ratePerSecond * (load.seconds + load.warmUpSeconds);
    const records = await checkRecords(service, calls);
    const told = await events?.count(calls);
    events?.close();
    return {
      measured,
      records,
      ...(told === undefined ? {} : { told }),
      ...(kind === 'charged' ? { won: await wonEarned(service.api) } : {}),
      ...(profileFolder === undefined ? {} : { profileFolder }),
    };
  } finally {
    await service.stop();
  }
}

async function measureForwarder(load: Load, challenge: boolean): Promise<Measured> {
  const forwarder = await startForwarder({ port: PORTS.forwarder, calleePort: PORTS.callee, challenge });
  try {
    const rows = [['caller', '[authentication username=caller password=empty]', 'callee']];
    const scenario = challenge ? 'caller-with-digest' : 'caller';
    return await measureCalls(forwarder.pid, forwarder.address, rows, load, scenario);
  } finally {
    await forwarder.stop();
  }
}

async function measureCalls(
  pid: number,
  remote: string,
  rows: readonly (readonly string[])[],
  load: Load,
  scenario: 'caller' | 'caller-with-digest' = 'caller-with-digest',
): Promise<Measured> {
  const callee = startSipp({ scenario: 'callee', port: PORTS.callee });
  try {
    const sipp = { scenario, remote, port: PORTS.caller, rows, holdMs: Number(values.hold) };
    return await measure({ pid, sipp, ...load });
  } finally {
    await callee.stop();
  }
}

/** Every call has one record, and it is completed; the last ones are written a moment after their end. */
async function checkRecords(service: Service, calls: number): Promise<Records> {
  for (let attempt = 0; ; attempt += 1) {
    const kept = await service.api.list<ShownCall>('/v1/calls');
    const completed = kept.filter(({ status }) => status === 'completed').length;
    const wrong = Math.abs(kept.length - calls) + (kept.length - completed);
    const seconds = kept.reduce((sum, call) => sum + Math.max(1, Math.ceil(call.durationSeconds ?? 0)), 0);
    if (wrong === 0 || attempt === RECORD_ATTEMPTS) return { completed, wrong, seconds };
    await sleep(500);
  }
}

function figuresOf({ name, setUpMs, ...row }: Row) {
  return {
    name,
    calls: row.succeeded,
    failed: row.failed,
    cpuSecondsPerThousandCalls: short(row.cpuSecondsPerThousand),
    databaseCpuSecondsPerThousandCalls: short(row.databaseCpuSecondsPerThousand),
    setUpP50Ms: quantile(setUpMs, 0.5),
    setUpP99Ms: quantile(setUpMs, 0.99),
    retransmissions: row.retransmissions,
    residentMegabytes: Math.round(row.residentMegabytes),
  };
}

function ratio(rows: readonly Row[], index: number): number | undefined {
  const [own, other] = [rows[0], rows[index]];
  return own && other && short(own.cpuSecondsPerThousand / other.cpuSecondsPerThousand);
}

function asJson(rows: readonly Row[], { records, told, profileFolder }: Served) {
  return {
    benchmark: 'calls',
    ratePerSecond: Number(values.rate),
    seconds: Number(values.seconds),
    holdMs: Number(values.hold),
    servers: rows.map(figuresOf),
    emptyForwarders: ratio(rows, 1),
    challengingForwarders: ratio(rows, 2),
    records,
    ...(told === undefined ? {} : { eventsReceived: told }),
    ...(profileFolder === undefined ? {} : { profileFolder, hotspots: hotspots(profileFolder) }),
  };
}

function report(rows: readonly Row[], { records, told, profileFolder }: Served): void {
  const headings = [
    'server',
    'calls',
    'failed',
    'CPU s/1000',
    'database',
    'p50 ms',
    'p99 ms',
    'retrans.',
    'MB',
  ];
  process.stdout.write(`${values.rate} calls a second for ${values.seconds} s, held ${values.hold} ms\n\n`);
  process.stdout.write(
    printTable(
      headings,
      rows.map((row) => Object.values(figuresOf(row))),
    ),
  );
  const [plain, challenging] = [ratio(rows, 1), ratio(rows, 2)];
  if (challenging !== undefined) {
    process.stdout.write(`\nomnidial costs ${plain} empty forwarders, ${challenging} that challenge\n`);
  }
  process.stdout.write(`call records: ${records.completed} completed, ${records.wrong} missing or wrong\n`);
  if (told !== undefined) process.stdout.write(`events: ${told} received\n`);
  for (const { name, complaints, failed } of rows) {
    if (failed > 0) process.stdout.write(`\n${name}: ${complaints}\n`);
  }
  if (profileFolder === undefined) return;
  const spent = hotspots(profileFolder).map(({ name, share }) => [name, `${(100 * share).toFixed(1)} %`]);
  process.stdout.write(`\n${printTable(['where the time went', 'share'], spent)}\n${profileFolder}\n`);
}
