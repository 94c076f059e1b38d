import type { CentreCode } from '../centre.ts';
import { checkNumberFormat } from '../format-number.ts';
import { readSourceRange } from '../source-range.ts';
import type { Gateway, Trunk, TrunkCredentials, TrunkInbound, TrunkKind } from '../trunk.ts';
import { below, type Faults } from './faults.ts';
import { Fields } from './fields.ts';
import { STATES, shareOf } from './read-centre.ts';
import { readNumberFormat } from './read-number-format.ts';

const KINDS: readonly TrunkKind[] = ['carrier', 'operator', 'partner'];
const MOST_GATEWAYS = 32;
const MOST_ADDRESSES = 1_000;
const MOST_CODECS = 20;

/** What reading a trunk needs of the world outside. */
export type TrunkReading = {
  readonly faults: Faults;
  /** The trunk as it is now: passwords that are not written again stay. */
  readonly before?: Trunk;
  /** The hashes of RFC 8760 §2.3 for a user and its password, in our realm. */
  readonly secretsOf: (user: string, password: string) => { readonly md5: string; readonly sha256: string };
};

/** Whether it is the name of a trunk or an operator: `kt-seoul`. */
export function isPlainName(text: string): boolean {
  return /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/.test(text);
}

/** Reads one trunk. What is wrong is noted; the trunk is of use only where nothing is. */
export function readTrunk(name: string, value: unknown, pointer: string, reading: TrunkReading): Trunk {
  const { faults } = reading;
  if (!isPlainName(name)) {
    faults.add(pointer, 'A trunk is named by small letters, digits and hyphens, at most 32: kt-seoul.');
  }
  const fields = new Fields(value, pointer, faults);
  const kind = fields.choice('kind', KINDS);
  const trunk: Trunk = {
    name,
    kind,
    centre: fields.text('centre', 16) as CentreCode,
    state: fields.choice('state', STATES, 'open'),
    gateways: fields.list('gateways', MOST_GATEWAYS, (gateway, at) => readGateway(gateway, at, faults)),
    ...part(fields, 'inbound', (inner) => readInbound(inner, kind, reading)),
    ...part(fields, 'credentials', (inner) => readCredentials(inner, reading)),
    ...part(fields, 'registration', (inner) => ({
      expiresSeconds: inner.durationMs('expires', { from: 60_000, to: 86_400_000 }, 600_000) / 1_000,
    })),
    ...part(fields, 'health', (inner) => ({
      intervalMs: inner.durationMs('every', { from: 1_000, to: 3_600_000 }, 10_000),
      downAfter: inner.whole('downAfter', { from: 1, to: 20 }, 3),
      upAfter: inner.whole('upAfter', { from: 1, to: 20 }, 2),
    })),
    channels: fields.whole('channels', { from: 1, to: 100_000 }),
    numbers: readNumberFormat(fields.raw('numbers'), fields.at('numbers'), faults),
    codecs: fields.list('codecs', MOST_CODECS, (codec, at) =>
      typeof codec === 'string' && /^[A-Za-z0-9-]{1,20}$/.test(codec)
        ? codec
        : faults.add(at, 'This has to be the name of a codec, as PCMU.'),
    ),
    silenceMs: fields.durationMs('silence', { from: 500, to: 32_000 }, 4_000),
    ringMs: fields.durationMs('ringing', { from: 5_000, to: 600_000 }, 120_000),
    trusted: fields.flag('trusted', false),
    tryNextAfter404: fields.flag('tryNextAfter404', false),
    portability: fields.flag('portability', false),
  };
  fields.end();
  checkTrunk(trunk, pointer, faults);
  return trunk;
}

/** What has to fit within one trunk. */
function checkTrunk(trunk: Trunk, pointer: string, faults: Faults): void {
  const format = checkNumberFormat(trunk.numbers);
  if (!format.ok) faults.add(pointer + (format.refusal.pointer ?? ''), format.refusal.detail);
  if (trunk.gateways.length === 0) faults.add(below(pointer, 'gateways'), 'Name at least one gateway.');
  if (trunk.registration !== undefined && trunk.credentials === undefined) {
    faults.add(below(pointer, 'registration'), 'To register, credentials are needed.');
  }
}

/** A part that may be absent; `false` says so in words. */
function part<Name extends string, Part>(
  fields: Fields,
  name: Name,
  read: (inner: Fields) => Part | undefined,
): { readonly [Key in Name]?: Part } {
  const value = fields.raw(name);
  if (value === undefined || value === false) return {};
  const inner = fields.inner(name, value);
  const made = read(inner);
  inner.end();
  return made === undefined ? {} : ({ [name]: made } as { readonly [Key in Name]?: Part });
}

function readGateway(value: unknown, pointer: string, faults: Faults): Gateway {
  const fields = new Fields(typeof value === 'string' ? { host: value } : value, pointer, faults);
  const host = fields.text('host', 253).replace(/^\[(.*)\]$/, '$1');
  const gateway: Gateway = {
    host,
    ...(fields.has('port') ? { port: fields.whole('port', { from: 1, to: 65_535 }) } : {}),
    transport: fields.choice('transport', ['udp', 'tcp', 'tls'], 'udp'),
    ...shareOf(fields),
  };
  if (host !== '' && !isHost(host)) {
    faults.add(fields.at('host'), 'This has to be an address or a name; the port is a part of its own.');
  }
  fields.end();
  return gateway;
}

/** A literal address of one host, or a name of the DNS (RFC 1123 §2.1). */
function isHost(host: string): boolean {
  const isAddress = readSourceRange(host).ok && !host.includes('/');
  const isNumeric = /^[\d.]+$/.test(host);
  return isAddress || (!isNumeric && /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.?)+$/i.test(host));
}

function readInbound(
  fields: Fields,
  kind: TrunkKind,
  { faults, before, secretsOf }: TrunkReading,
): TrunkInbound {
  const addresses = fields.list('addresses', MOST_ADDRESSES, (text, at) => {
    const range = readSourceRange(typeof text === 'string' ? text : '');
    return range.ok ? (text as string) : faults.add(at, range.refusal.detail);
  });
  const kept = before?.inbound?.digest;
  const proof = part(fields, 'digest', (digest) => {
    const user = digest.text('user', 64);
    if (digest.has('password')) return { user, secrets: secretsOf(user, digest.text('password', 128)) };
    digest.raw('password');
    if (kept?.user === user) return kept;
    return faults.add(digest.at('password'), 'Give the password; one that was given before stays by itself.');
  });
  const transit = fields.flag('transit', false);
  if (transit && kind !== 'partner') {
    faults.add(fields.at('transit'), 'Only a partner may call out again through us.');
  }
  if (addresses.length === 0 && proof.digest === undefined) {
    faults.add(fields.pointer, 'Name what proves its calls: addresses or digest.');
  }
  return { addresses, ...proof, transit };
}

function readCredentials(fields: Fields, { faults, before }: TrunkReading): TrunkCredentials | undefined {
  const user = fields.text('user', 64);
  const realm = fields.has('realm') ? { realm: fields.text('realm', 255) } : {};
  fields.raw('realm');
  if (fields.has('password')) return { user, password: fields.text('password', 128), ...realm };
  fields.raw('password');
  const kept = before?.credentials;
  if (kept?.user === user) return { user, password: kept.password, ...realm };
  return faults.add(fields.at('password'), 'Give the password; one that was given before stays by itself.');
}
