import { parseArgs } from 'node:util';
import { Service } from '../test/support/service/index.ts';
import { printTable, quantile, short } from './support/figures.ts';
import { startForwarder } from './support/forwarder.ts';
import { type Measured, measure } from './support/measure.ts';
import { makeSubscribers, registrationRows } from './support/subscribers.ts';

/*
 * REGISTER with a digest, challenge and answer, through the whole service, with every binding kept in the database;
 * and beside it the empty forwarder, which answers the same messages and keeps nothing.
 */

const HELP = `node bench/registrations.ts [options]

  --rate N       registrations a second (1000)
  --seconds N    how long each server is measured (15), after --warm-up N seconds (5)
  --terminals N  how many phones register again and again (200)
  --port N       the first of the forty ports it uses (24450)
  --json         prints one JSON object instead of a table

Exit code 1 where a registration failed.
`;

type Row = { readonly name: string } & Measured;

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '15' },
    'warm-up': { type: 'string', default: '5' },
    terminals: { type: 'string', default: '200' },
    port: { type: 'string', default: '24450' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const firstPort = Number(values.port);
const PORTS = { service: firstPort, forwarder: firstPort + 10, phone: firstPort + 20 };

if (values.help) process.stdout.write(HELP);
else process.exitCode = await main();

async function main(): Promise<number> {
  const rows: Row[] = [
    { name: 'omnidial', ...(await measureService()) },
    { name: 'empty forwarder', ...(await measureForwarder()) },
  ];
  if (values.json) process.stdout.write(`${JSON.stringify(asJson(rows), null, 2)}\n`);
  else report(rows);
  return rows.every(({ failed }) => failed === 0) ? 0 : 1;
}

async function measureService(): Promise<Measured> {
  const service = await Service.start({ sipPort: PORTS.service, env: { OMNIDIAL_LOG: 'warn' } });
  try {
    const subscribers = await makeSubscribers(service.api, Number(values.terminals));
    return await measureRegistrations(service.pid, service.sipAddress, registrationRows(subscribers));
  } finally {
    await service.stop();
  }
}

async function measureForwarder(): Promise<Measured> {
  const forwarder = await startForwarder({ port: PORTS.forwarder, calleePort: PORTS.phone });
  try {
    const rows = [['phone', '[authentication username=phone password=empty]']];
    return await measureRegistrations(forwarder.pid, forwarder.address, rows);
  } finally {
    await forwarder.stop();
  }
}

function measureRegistrations(
  pid: number,
  remote: string,
  rows: readonly (readonly string[])[],
): Promise<Measured> {
  return measure({
    pid,
    sipp: { scenario: 'terminal', remote, port: PORTS.phone, rows },
    ratePerSecond: Number(values.rate),
    seconds: Number(values.seconds),
    warmUpSeconds: Number(values['warm-up']),
  });
}

function figuresOf({ name, setUpMs, ...row }: Row) {
  return {
    name,
    registrations: row.succeeded,
    failed: row.failed,
    cpuSecondsPerThousand: short(row.cpuSecondsPerThousand),
    databaseCpuSecondsPerThousand: short(row.databaseCpuSecondsPerThousand),
    p50Ms: quantile(setUpMs, 0.5),
    p99Ms: quantile(setUpMs, 0.99),
    retransmissions: row.retransmissions,
    residentMegabytes: Math.round(row.residentMegabytes),
  };
}

function ratioOf([own, other]: readonly Row[]): number | undefined {
  return own && other && short(own.cpuSecondsPerThousand / other.cpuSecondsPerThousand);
}

function asJson(rows: readonly Row[]) {
  return {
    benchmark: 'registrations',
    ratePerSecond: Number(values.rate),
    seconds: Number(values.seconds),
    terminals: Number(values.terminals),
    servers: rows.map(figuresOf),
    emptyForwarders: ratioOf(rows),
  };
}

function report(rows: readonly Row[]): void {
  const headings = [
    'server',
    'done',
    'failed',
    'CPU s/1000',
    'database',
    'p50 ms',
    'p99 ms',
    'retrans.',
    'MB',
  ];
  const table = printTable(
    headings,
    rows.map((row) => Object.values(figuresOf(row))),
  );
  process.stdout.write(`${values.rate} registrations a second for ${values.seconds} s\n\n${table}`);
  process.stdout.write(`\nomnidial costs ${ratioOf(rows)} empty forwarders\n`);
  for (const { name, complaints, failed } of rows) {
    if (failed > 0) process.stdout.write(`\n${name}: ${complaints}\n`);
  }
}
