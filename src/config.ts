import { isIP } from 'node:net';
import { type DocumentParty, readTaxation, type Taxation } from './domain/billing/documents/index.ts';
import { isTimeZone } from './domain/billing/tariffs/index.ts';
import { isCentreCode } from './domain/centres/configuration/index.ts';

/** One address to listen at. A port of 0 lets the system choose. */
export type ListenConfig = { readonly address: string; readonly port: number };

/** An account at a bank. */
export type DepositAccountConfig = {
  readonly bank: string;
  readonly account: string;
  readonly holder: string;
};

/** How the service runs, read from the environment once and checked. */
export type Config = {
  readonly dataFolder: string;
  /** Another PostgreSQL than the one in the data folder. */
  readonly databaseUrl: string | undefined;
  readonly http: ListenConfig;
  /** SIP listens at each of these, over UDP and TCP. */
  readonly sip: readonly ListenConfig[];
  /** SIP over TLS: where it listens, and the files of its certificate; absent: it is not spoken. */
  readonly tls?: {
    readonly listen: readonly ListenConfig[];
    readonly certificateFile: string;
    readonly keyFile: string;
    /** Authorities that are believed beside those the system believes. */
    readonly authoritiesFile?: string;
  };
  /** What phones are told to send to, where it is another address than the one listened at. */
  readonly sipAdvertised: string | undefined;
  /** The domain of our SIP addresses, and the realm of digest authentication. */
  readonly domain: string;
  /** What browsers and programs reach the HTTP face by. */
  readonly publicUrls: readonly string[];
  readonly trustedProxies: readonly string[];
  readonly ringTimeoutMs: number;
  /** Name servers as `address:port`; empty: those of the system. */
  readonly nameServers: readonly string[];
  /** The suffix under which telephone numbers are looked up in the DNS; without one they are not. */
  readonly enumSuffix: string | undefined;
  /** Whether names may lead to addresses that are not public. */
  readonly allowsPrivateAddresses: boolean;
  /** Whether SIP addresses of people who are no members are called. */
  readonly callsStrangers: boolean;
  /** When sound goes through the relay. */
  readonly mediaPolicy: 'auto' | 'always' | 'never';
  /** An rtpengine that relays sound instead of this process. */
  readonly rtpengine: ListenConfig | undefined;
  /** The address at which sound is relayed and voices speak. */
  readonly mediaAddress: string;
  /** The ports of relayed sound and of voices. */
  readonly mediaPorts: { readonly from: number; readonly to: number };
  /** The centres this process hosts; absent: all of them. */
  readonly centres?: readonly string[];
  /** How long calls under way may go on when the service is told to end. */
  readonly drainMs: number;
  /** Where buyers transfer money to, by currency. */
  readonly depositAccounts: Readonly<Record<string, DepositAccountConfig>>;
  /** Who sells, as documents name it; absent: none are issued. */
  readonly seller?: DocumentParty;
  /** In which years, months and days of what is sold are counted; absent: UTC. */
  readonly sellerTimeZone?: string;
  /** The tax on what is sold; absent: none. */
  readonly taxation?: Taxation;
  /** The keys of the card processor; absent: cards are not taken. */
  readonly stripe?: { readonly secretKey: string; readonly webhookSecret: string };
  /** The mail server that letters go out by, as a URL, and whom they come from; absent: no mail is sent. */
  readonly mail?: { readonly url: string; readonly from: string };
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
};

export type ConfigOutcome =
  | { readonly ok: true; readonly config: Config }
  /** Each problem is a sentence that names the variable. */
  | { readonly ok: false; readonly problems: readonly string[] };

type Setting = { readonly name: string; readonly byDefault: string; readonly about: string };

/** Every variable there is; `omnidial serve --help` prints them. */
export const SETTINGS: readonly Setting[] = [
  { name: 'OMNIDIAL_DATA', byDefault: './data', about: 'folder of the embedded database' },
  {
    name: 'DATABASE_URL',
    byDefault: '',
    about: 'another PostgreSQL (15 or newer), instead of the embedded one',
  },
  { name: 'OMNIDIAL_HTTP', byDefault: '127.0.0.1:8080', about: 'address of the HTTP face' },
  {
    name: 'OMNIDIAL_SIP',
    byDefault: '127.0.0.1:5060',
    about: 'addresses of SIP, over UDP and TCP, with commas between: 127.0.0.1:5060,[::1]:5060',
  },
  {
    name: 'OMNIDIAL_SIP_TLS',
    byDefault: '',
    about: 'addresses of SIP over TLS: 192.0.2.1:5061; it takes a certificate and its key',
  },
  {
    name: 'OMNIDIAL_TLS_CERTIFICATE',
    byDefault: '',
    about: 'file of the certificate of SIP over TLS, and of those above it',
  },
  { name: 'OMNIDIAL_TLS_KEY', byDefault: '', about: 'file of the key of that certificate' },
  {
    name: 'OMNIDIAL_TLS_CA',
    byDefault: '',
    about: 'file of authorities that are believed beside those of the system',
  },
  { name: 'OMNIDIAL_SIP_ADVERTISED', byDefault: '', about: 'address that phones are told, behind a NAT' },
  {
    name: 'OMNIDIAL_DOMAIN',
    byDefault: 'omnidial.localhost',
    about: 'domain of SIP addresses and realm of passwords; changing it makes all terminal passwords void',
  },
  { name: 'OMNIDIAL_PUBLIC_URL', byDefault: '', about: 'addresses by which browsers reach the HTTP face' },
  { name: 'OMNIDIAL_TRUSTED_PROXIES', byDefault: '', about: 'addresses whose X-Forwarded-For is believed' },
  { name: 'OMNIDIAL_RING_SECONDS', byDefault: '120', about: 'how long a call rings' },
  { name: 'OMNIDIAL_DNS', byDefault: '', about: 'name servers, with commas between: 192.0.2.53:53' },
  {
    name: 'OMNIDIAL_ENUM',
    byDefault: '',
    about: 'suffix under which telephone numbers are looked up in the DNS: e164.arpa',
  },
  {
    name: 'OMNIDIAL_PRIVATE_ADDRESSES',
    byDefault: 'no',
    about: 'yes where names may lead to addresses that are not public',
  },
  {
    name: 'OMNIDIAL_STRANGERS',
    byDefault: 'yes',
    about: 'no where SIP addresses of people who are no members are not called',
  },
  {
    name: 'OMNIDIAL_MEDIA',
    byDefault: 'auto',
    about: 'when sound goes through the relay: auto (networks and NATs), always or never',
  },
  {
    name: 'OMNIDIAL_MEDIA_ADDRESS',
    byDefault: '',
    about: 'address of relayed sound and of voices; the first of SIP where not given',
  },
  {
    name: 'OMNIDIAL_RTPENGINE',
    byDefault: '',
    about: 'control address of an rtpengine that relays sound instead of this process: 127.0.0.1:2223',
  },
  { name: 'OMNIDIAL_MEDIA_PORTS', byDefault: '20000-29999', about: 'ports of relayed sound and of voices' },
  {
    name: 'OMNIDIAL_CENTRE',
    byDefault: '',
    about: 'centres of this process, with commas between: KR,JP; all where not given',
  },
  {
    name: 'OMNIDIAL_DRAIN_SECONDS',
    byDefault: '0',
    about: 'how long calls under way may go on when the service is told to end',
  },
  {
    name: 'OMNIDIAL_DEPOSIT_ACCOUNTS',
    byDefault: '',
    about: 'where buyers pay, by currency: KRW:Bank:110-123-456:Holder;USD:…',
  },
  { name: 'OMNIDIAL_SELLER_NAME', byDefault: '', about: 'who sells, as receipts and invoices name it' },
  {
    name: 'OMNIDIAL_SELLER_ADDRESS',
    byDefault: '',
    about: 'its address on them, lines apart by semicolons: 110 Sejong-daero; Seoul 04524',
  },
  { name: 'OMNIDIAL_SELLER_TAX_NUMBER', byDefault: '', about: 'its tax number on them: 123-45-67890' },
  {
    name: 'OMNIDIAL_SELLER_TIME_ZONE',
    byDefault: 'UTC',
    about: 'where years of numbers, months of invoices and days of documents are counted: Asia/Seoul',
  },
  {
    name: 'OMNIDIAL_TAX',
    byDefault: '',
    about: 'tax on what is sold: VAT 10% included, Sales tax 8.875% added; none where not given',
  },
  {
    name: 'OMNIDIAL_STRIPE_SECRET_KEY',
    byDefault: '',
    about: 'key of Stripe (sk_… or rk_…), by which cards are taken; without one they are not',
  },
  {
    name: 'OMNIDIAL_STRIPE_WEBHOOK_SECRET',
    byDefault: '',
    about: 'secret (whsec_…) by which Stripe signs what it sends to /v1/card-notices',
  },
  {
    name: 'OMNIDIAL_SMTP',
    byDefault: '',
    about: 'mail server for codes and letters: smtp://user:password@host:587, or smtps:// for TLS at once',
  },
  {
    name: 'OMNIDIAL_MAIL_FROM',
    byDefault: '',
    about: 'whom mails come from; omnidial@ and the domain where absent',
  },
  { name: 'OMNIDIAL_LOG', byDefault: 'info', about: 'debug, info, warn, error or silent' },
];

const MEDIA_POLICIES = ['auto', 'always', 'never'] as const;
const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;

/** Reads the environment. All that is wrong is told at once. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): ConfigOutcome {
  const problems: string[] = [];
  const value = (name: string) => {
    const given = environment[name]?.trim();
    return given === undefined || given === '' ? byDefault(name) : given;
  };
  const listed = (name: string) =>
    value(name)
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
  const listen = (name: string, text: string): ListenConfig => {
    const read = readListen(text);
    if (read === undefined) problems.push(`${name}: "${text}" is not address:port, as 127.0.0.1:5060.`);
    return read ?? { address: '127.0.0.1', port: 0 };
  };
  const readTls = (): Config['tls'] => {
    const places = listed('OMNIDIAL_SIP_TLS').map((text) => listen('OMNIDIAL_SIP_TLS', text));
    const certificateFile = value('OMNIDIAL_TLS_CERTIFICATE');
    const keyFile = value('OMNIDIAL_TLS_KEY');
    const authoritiesFile = value('OMNIDIAL_TLS_CA');
    if (places.length === 0 && `${certificateFile}${keyFile}${authoritiesFile}` === '') return undefined;
    if (places.length === 0)
      problems.push('OMNIDIAL_SIP_TLS: it is missing beside the certificate, as 192.0.2.1:5061.');
    if (certificateFile === '')
      problems.push('OMNIDIAL_TLS_CERTIFICATE: SIP over TLS takes the file of a certificate.');
    if (keyFile === '') problems.push('OMNIDIAL_TLS_KEY: SIP over TLS takes the file of a key.');
    return {
      listen: places,
      certificateFile,
      keyFile,
      ...(authoritiesFile === '' ? {} : { authoritiesFile }),
    };
  };
  const http = listen('OMNIDIAL_HTTP', value('OMNIDIAL_HTTP'));
  const sip = listed('OMNIDIAL_SIP').map((text) => listen('OMNIDIAL_SIP', text));
  const advertised = value('OMNIDIAL_SIP_ADVERTISED');
  if (advertised !== '' && isIP(advertised) === 0) {
    problems.push(`OMNIDIAL_SIP_ADVERTISED: "${advertised}" is not an IP address.`);
  }
  const tls = readTls();
  const domain = value('OMNIDIAL_DOMAIN').toLowerCase();
  if (!/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/.test(domain)) {
    problems.push(`OMNIDIAL_DOMAIN: "${domain}" is not a domain name.`);
  }
  const ringSeconds = Number(value('OMNIDIAL_RING_SECONDS'));
  if (!(Number.isInteger(ringSeconds) && ringSeconds >= 5 && ringSeconds <= 600)) {
    problems.push('OMNIDIAL_RING_SECONDS: it takes a whole number from 5 to 600.');
  }
  const drainSeconds = Number(value('OMNIDIAL_DRAIN_SECONDS'));
  if (!(Number.isInteger(drainSeconds) && drainSeconds >= 0 && drainSeconds <= 86_400)) {
    problems.push('OMNIDIAL_DRAIN_SECONDS: it takes a whole number from 0 to 86400.');
  }
  const centres = listed('OMNIDIAL_CENTRE');
  for (const centre of centres) {
    if (!isCentreCode(centre)) problems.push(`OMNIDIAL_CENTRE: "${centre}" is not a centre's name, as KR.`);
  }
  const yesNo = (name: string) => {
    const text = value(name);
    if (text !== 'yes' && text !== 'no') problems.push(`${name}: it is yes or no.`);
    return text === 'yes';
  };
  const allowsPrivateAddresses = yesNo('OMNIDIAL_PRIVATE_ADDRESSES');
  const callsStrangers = yesNo('OMNIDIAL_STRANGERS');
  const nameServers = listed('OMNIDIAL_DNS');
  for (const server of nameServers) {
    if (isIP(server) === 0 && readListen(server) === undefined) {
      problems.push(`OMNIDIAL_DNS: "${server}" is no address, as 192.0.2.53 or 192.0.2.53:53.`);
    }
  }
  const mediaPolicy = MEDIA_POLICIES.find((policy) => policy === value('OMNIDIAL_MEDIA'));
  if (mediaPolicy === undefined) problems.push(`OMNIDIAL_MEDIA: it is one of ${MEDIA_POLICIES.join(', ')}.`);
  const mediaAddress = value('OMNIDIAL_MEDIA_ADDRESS') || (sip[0]?.address ?? '');
  if (isIP(mediaAddress) === 0)
    problems.push(`OMNIDIAL_MEDIA_ADDRESS: "${mediaAddress}" is not an IP address.`);
  const rtpengineGiven = value('OMNIDIAL_RTPENGINE');
  const rtpengine = rtpengineGiven === '' ? undefined : listen('OMNIDIAL_RTPENGINE', rtpengineGiven);
  const mediaPorts = readPorts(value('OMNIDIAL_MEDIA_PORTS'));
  if (mediaPorts === undefined) {
    problems.push('OMNIDIAL_MEDIA_PORTS: it takes two ports from 1024 to 65535, as 20000-29999.');
  }
  const logLevel = LOG_LEVELS.find((level) => level === value('OMNIDIAL_LOG'));
  if (logLevel === undefined) problems.push(`OMNIDIAL_LOG: it is one of ${LOG_LEVELS.join(', ')}.`);
  const databaseUrl = value('DATABASE_URL');
  if (databaseUrl !== '' && !/^postgres(?:ql)?:\/\//.test(databaseUrl)) {
    problems.push('DATABASE_URL: it begins with postgres://.');
  }
  const publicUrls = listed('OMNIDIAL_PUBLIC_URL');
  for (const url of publicUrls) {
    if (!URL.canParse(url)) problems.push(`OMNIDIAL_PUBLIC_URL: "${url}" is not a URL.`);
  }
  const depositAccounts = readDepositAccounts(value('OMNIDIAL_DEPOSIT_ACCOUNTS'));
  if (depositAccounts === undefined) {
    problems.push(
      'OMNIDIAL_DEPOSIT_ACCOUNTS: it takes CURRENCY:bank:account:holder, with semicolons between.',
    );
  }
  const seller = readSeller(value, problems);
  const sellerTimeZone = value('OMNIDIAL_SELLER_TIME_ZONE');
  if (!isTimeZone(sellerTimeZone)) {
    problems.push(`OMNIDIAL_SELLER_TIME_ZONE: "${sellerTimeZone}" is no time zone, as Asia/Seoul.`);
  }
  const tax = value('OMNIDIAL_TAX');
  const taxation = readTaxation(tax);
  if (tax !== '' && taxation === undefined) {
    problems.push(`OMNIDIAL_TAX: "${tax}" is not name, rate and included or added, as VAT 10% included.`);
  }
  const stripe = {
    secretKey: value('OMNIDIAL_STRIPE_SECRET_KEY'),
    webhookSecret: value('OMNIDIAL_STRIPE_WEBHOOK_SECRET'),
  };
  // The values are not repeated: they are secrets.
  if (stripe.secretKey !== '' && !/^[sr]k_\w+$/.test(stripe.secretKey)) {
    problems.push('OMNIDIAL_STRIPE_SECRET_KEY: it begins with sk_ or rk_.');
  }
  if ((stripe.secretKey === '') !== (stripe.webhookSecret === '')) {
    problems.push(
      'OMNIDIAL_STRIPE_WEBHOOK_SECRET: the key of Stripe and the secret of its notices are set together.',
    );
  }
  const smtp = value('OMNIDIAL_SMTP');
  if (smtp !== '' && !isMailServer(smtp)) {
    // The value is not repeated: it has a password in it.
    problems.push(
      'OMNIDIAL_SMTP: it is smtp:// or smtps:// and a host, as smtp://user:password@mail.example:587.',
    );
  }
  const mailFrom = value('OMNIDIAL_MAIL_FROM');
  if (mailFrom !== '' && !/^[^\s@<>,;"]+@[^\s@<>,;"]+$/.test(mailFrom)) {
    problems.push(`OMNIDIAL_MAIL_FROM: "${mailFrom}" is not an e-mail address.`);
  }
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    config: {
      dataFolder: value('OMNIDIAL_DATA'),
      databaseUrl: databaseUrl === '' ? undefined : databaseUrl,
      http,
      sip,
      ...(tls === undefined ? {} : { tls }),
      sipAdvertised: advertised === '' ? undefined : advertised,
      domain,
      publicUrls,
      trustedProxies: listed('OMNIDIAL_TRUSTED_PROXIES'),
      ringTimeoutMs: ringSeconds * 1000,
      nameServers,
      enumSuffix: value('OMNIDIAL_ENUM') === '' ? undefined : value('OMNIDIAL_ENUM').toLowerCase(),
      allowsPrivateAddresses,
      callsStrangers,
      mediaPolicy: mediaPolicy ?? 'auto',
      mediaAddress,
      rtpengine,
      mediaPorts: mediaPorts ?? { from: 0, to: 0 },
      ...(centres.length === 0 ? {} : { centres }),
      drainMs: drainSeconds * 1000,
      depositAccounts: depositAccounts ?? {},
      ...(seller === undefined ? {} : { seller }),
      ...(sellerTimeZone === 'UTC' ? {} : { sellerTimeZone }),
      ...(taxation === undefined ? {} : { taxation }),
      ...(stripe.secretKey === '' ? {} : { stripe }),
      ...(smtp === ''
        ? {}
        : { mail: { url: smtp, from: mailFrom === '' ? `omnidial@${domain}` : mailFrom } }),
      logLevel: logLevel ?? 'info',
    },
  };
}

/** `host:port` with a literal address; IPv6 in brackets. */
function readListen(text: string): ListenConfig | undefined {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  const address = match?.[1] ?? (match?.[2] === 'localhost' ? '127.0.0.1' : match?.[2]);
  const port = Number(match?.[3]);
  if (address === undefined || isIP(address) === 0 || port > 65_535) return undefined;
  return { address, port };
}

function readPorts(text: string): Config['mediaPorts'] | undefined {
  const [, first = '', last = ''] = /^(\d{4,5})-(\d{4,5})$/.exec(text) ?? [];
  const ports = { from: Number(first), to: Number(last) };
  return ports.from >= 1024 && ports.from < ports.to && ports.to <= 65_535 ? ports : undefined;
}

function isMailServer(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && ['smtp:', 'smtps:'].includes(url.protocol) && url.hostname !== '';
}

function readDepositAccounts(text: string): Record<string, DepositAccountConfig> | undefined {
  const accounts: Record<string, DepositAccountConfig> = {};
  for (const item of text.split(';').filter((each) => each.trim() !== '')) {
    const [currency = '', bank = '', account = '', holder = '', ...more] = item
      .split(':')
      .map((each) => each.trim());
    if (!/^[A-Z]{3}$/.test(currency) || bank === '' || account === '' || holder === '' || more.length > 0) {
      return undefined;
    }
    accounts[currency] = { bank, account, holder };
  }
  return accounts;
}

const LONGEST_PARTICULAR = 200;
const MOST_ADDRESS_LINES = 8;

/** Who sells; undefined where it is not set up, or wrongly. */
function readSeller(value: (name: string) => string, problems: string[]): DocumentParty | undefined {
  const [name, taxNumber] = [value('OMNIDIAL_SELLER_NAME'), value('OMNIDIAL_SELLER_TAX_NUMBER')];
  const addressLines = value('OMNIDIAL_SELLER_ADDRESS')
    .split(';')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const isPrintable = (text: string) => /^\P{Cc}*$/u.test(text) && text.length <= LONGEST_PARTICULAR;
  const before = problems.length;
  if (!isPrintable(name)) problems.push(`OMNIDIAL_SELLER_NAME: ${NOT_PRINTABLE}`);
  if (!isPrintable(taxNumber)) problems.push(`OMNIDIAL_SELLER_TAX_NUMBER: ${NOT_PRINTABLE}`);
  if (!addressLines.every(isPrintable)) problems.push(`OMNIDIAL_SELLER_ADDRESS: ${NOT_PRINTABLE}`);
  if (addressLines.length > MOST_ADDRESS_LINES)
    problems.push(`OMNIDIAL_SELLER_ADDRESS: it has more than ${MOST_ADDRESS_LINES} lines.`);
  if (name === '' && (taxNumber !== '' || addressLines.length > 0))
    problems.push('OMNIDIAL_SELLER_NAME: it is missing beside the address or the tax number.');
  if (name === '' || problems.length > before) return undefined;
  return { name, addressLines, ...(taxNumber === '' ? {} : { taxNumber }) };
}

const NOT_PRINTABLE = `it takes at most ${LONGEST_PARTICULAR} characters a line, without control characters.`;

function byDefault(name: string): string {
  return SETTINGS.find((setting) => setting.name === name)?.byDefault ?? '';
}
