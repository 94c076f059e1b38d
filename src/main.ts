import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import { loadSignInSecret } from './adapters/accounts/index.ts';
import { openSharedBus } from './adapters/bus/index.ts';
import { regularly, systemClock, TimerLists } from './adapters/clock/index.ts';
import { createNameService } from './adapters/dns/index.ts';
import { createIdentifiers, systemHash, systemRandomness } from './adapters/entropy/index.ts';
import { createHttpServer } from './adapters/http/index.ts';
import { createSmtpMailer } from './adapters/mail/index.ts';
import { Announcements, Voices } from './adapters/media/index.ts';
import { EmbeddedRelays } from './adapters/media/relay/index.ts';
import { RtpengineRelays } from './adapters/media/rtpengine/index.ts';
import { openStripePayments } from './adapters/payments/stripe/index.ts';
import { createDocumentPrinter } from './adapters/pdf/index.ts';
import {
  createCallRecordStore,
  createCentreStore,
  createMarketAndMemberStores,
  createProcessStore,
  createRegistrationStore,
  loadProcessSignatures,
  type OpenDatabase,
  openDatabase,
} from './adapters/postgres/index.ts';
import { createOwnHosts, readTlsIdentity, type Sip, startSip } from './adapters/sip/index.ts';
import { createWebhookTargets, startWebhooks } from './adapters/webhooks/index.ts';
import type { Config, ListenConfig } from './config.ts';
import { printMoney } from './domain/billing/index.ts';
import { ChargeDesk } from './services/charge-desk.ts';
import { checkAliases } from './services/check-aliases.ts';
import { Directory } from './services/directory.ts';
import { expireOrders } from './services/expire-orders.ts';
import { createExplanations } from './services/explain-call.ts';
import { expireBills } from './services/find-bill.ts';
import { CallRecordWriter } from './services/keep-call-records.ts';
import { Charging } from './services/keep-charging.ts';
import { Network } from './services/keep-network.ts';
import { ProcessKeeper } from './services/keep-process.ts';
import { Registrations } from './services/keep-registrations.ts';
import { Tariffs } from './services/keep-tariffs.ts';
import { speaksWith } from './services/other-processes.ts';
import type {
  Processes,
  ProcessSignatures,
  ProofMeans,
  ServicePorts,
  Timers,
} from './services/ports/index.ts';
import { CallPrices } from './services/price-call.ts';
import { pruneWebhooks } from './services/prune-webhooks.ts';
import { recordOf } from './services/record-call.ts';
import { renewNumbers } from './services/renew-numbers.ts';
import { ServingProcesses } from './services/serving-processes.ts';
import { createRegistrationsView } from './services/view-registrations.ts';
import { LedgerWatch } from './services/watch-ledger.ts';
import { MonthWatch } from './services/watch-months.ts';
import { SpendingWatch } from './services/watch-spending.ts';

/** The running service. */
export type Service = {
  readonly httpUrl: string;
  /** Where SIP is spoken: `udp:127.0.0.1:5060`, `tcp:127.0.0.1:5060`. */
  readonly sipAddresses: readonly string[];
  readonly services: ServicePorts;
  readonly http: FastifyInstance;
  readonly sip: Sip;
  readonly processes: Processes;
  /** Which other processes serve which terminals. */
  readonly serving: ServingProcesses;
  readonly signatures: ProcessSignatures;
  /** What calls cost, as it is in memory. */
  readonly tariffs: Tariffs;
  /** Takes no new calls, and waits for those under way as long as the operator allows. */
  drain(): Promise<void>;
  /** Ends it in order: no new work, calls are recorded, the database is closed. May be called again. */
  close(): Promise<void>;
};

const TIDY_EVERY_MS = 60_000;
const FLUSH_WITHIN_MS = 5_000;
/** How many pending transfers are ended in one round. */
const MOST_EXPIRED = 1_000;

/**
 * Starts everything: the only place that knows every adapter.
 * @throws DatabaseUnavailable, CertificateUnusable, and the system's error where an address cannot be listened at
 */
export async function startService(config: Config, log: Logger): Promise<Service> {
  const timers = new TimerLists();
  const database = await openDatabase(
    config.databaseUrl === undefined ? { folder: config.dataFolder } : { url: config.databaseUrl },
    { warn: (sentence) => log.warn(sentence) },
  );
  if (database.sharedUrl !== undefined) {
    log.info(`Other processes on this machine share the database by DATABASE_URL='${database.sharedUrl}'.`);
  }
  const closers: (() => Promise<void>)[] = [async () => timers.close(), () => database.close()];
  const closeAll = async () => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    return await startOn(database, { config, log, timers, closers, closeAll });
  } catch (error) {
    await closeAll();
    throw error;
  }
}

type Start = {
  readonly config: Config;
  readonly log: Logger;
  readonly timers: Timers;
  /** What is to be closed, in the order it was opened. */
  readonly closers: (() => Promise<void>)[];
  readonly closeAll: () => Promise<void>;
};

async function startOn(database: OpenDatabase, start: Start): Promise<Service> {
  const { config, log, timers, closers, closeAll } = start;
  const clock = systemClock;
  const { directory: directoryStore, ...stores } = createMarketAndMemberStores(database.kysely);
  const identifiers = createIdentifiers(clock, systemRandomness);
  const self = identifiers.next();
  const bus = await openSharedBus({
    kysely: database.kysely,
    listen: database.listen,
    timers,
    self,
    onError: (error, change) => log.error({ err: error, change }, 'a change was not told or not heard'),
  });
  closers.push(() => bus.close());
  const names = createNameService({
    clock,
    servers: config.nameServers,
    allowsPrivate: config.allowsPrivateAddresses,
    speaksTls: config.tls !== undefined,
    random: Math.random,
    ...(config.enumSuffix === undefined ? {} : { enumSuffix: config.enumSuffix }),
  });
  // The voice that speaks codes is part of the exchange, which is there only later.
  const proofs: { -readonly [Means in keyof ProofMeans]: ProofMeans[Means] } = {
    mailer: config.mail && createSmtpMailer({ ...config.mail, warn: (sentence) => log.warn(sentence) }),
    domainRecords: names,
  };
  const charging = await Charging.load(stores.charging, bus, (what, error) =>
    log.error({ err: error }, what),
  );
  bus.onGap(() => charging.reload());
  const cards =
    config.stripe &&
    (await openStripePayments({
      ...config.stripe,
      clock,
      warn: (error, what) => log.warn({ err: error }, what),
    }));
  const services: ServicePorts = {
    ...stores,
    ...(cards === undefined ? {} : { cards }),
    agreements: { list: () => charging.current().agreements },
    bus,
    clock,
    proofs,
    hash: systemHash,
    identifiers,
    randomness: systemRandomness,
    settings: {
      sipRealm: config.domain,
      depositAccounts: config.depositAccounts,
      ...(config.seller === undefined ? {} : { seller: config.seller }),
      ...(config.sellerTimeZone === undefined ? {} : { sellerTimeZone: config.sellerTimeZone }),
      ...(config.taxation === undefined ? {} : { taxation: config.taxation }),
      isOurselves: ownSipAddresses(config),
      webhookTargets: createWebhookTargets(config.allowsPrivateAddresses),
    },
  };

  closers.push(
    startWebhooks({
      ...{ services, timers, nameServers: config.nameServers, version: packageVersion() },
      allowsPrivate: config.allowsPrivateAddresses,
      onFailure: (error) => log.error({ err: error }, 'events could not be read or noted as sent'),
    }),
  );

  const calls = createCallRecordStore(database.kysely, self);
  const place = placeOf(config, self);
  const processes = new ProcessKeeper({
    store: createProcessStore(database.kysely),
    timers,
    report: { id: self, place, ...(config.centres === undefined ? {} : { centres: config.centres }) },
    closeCallsOfTheDead: async () => {
      const closed = await calls.closeOpen();
      if (closed > 0)
        log.warn(`${closed} calls were under way when their process stopped: their records are closed.`);
      await stores.ledger.freeAbandoned(clock.nowMs());
    },
    onFailure: (error) => log.error({ err: error }, 'the other processes do not hear that this one lives'),
  });
  closers.push(() => processes.leave());
  await processes.join(config.databaseUrl === undefined);

  const directory = await Directory.load(directoryStore, bus);
  bus.onGap(() => directory.reload(directoryStore));
  const registrationStore = createRegistrationStore(database.kysely, place);
  const serving = new ServingProcesses({ store: registrationStore, clock, self });
  const reloadServing = () =>
    serving.reload().catch((error: unknown) => {
      log.error({ err: error }, 'where terminals are registered could not be read');
    });
  bus.subscribe((change) => serving.apply(change));
  bus.onGap(() => serving.reload());
  processes.onChange(() => void reloadServing());
  await serving.reload();
  const registrations = new Registrations({
    store: registrationStore,
    clock,
    timers,
    onStoreFailure: (error) => log.error({ err: error }, 'registrations are not stored at the moment'),
    onServed: (terminalId, isServed) =>
      bus.publish({ kind: 'terminal-served', terminalId, processId: self, isServed }),
  });
  await registrations.load();
  closers.push(() => registrations.stop());
  bus.subscribe((change) => {
    if (change.kind === 'terminal-removed') registrations.forget(change.terminalId);
  });

  const writer = new CallRecordWriter({
    store: calls,
    clock,
    timers,
    warn: (sentence) => log.warn(sentence),
  });
  closers.push(async () => {
    writer.stop();
    const lost = await writer.flush(FLUSH_WITHIN_MS);
    if (lost > 0) log.error(`${lost} call records could not be written.`);
  });

  const network = await Network.load(createCentreStore(database.kysely), bus, (what, error) =>
    log.error({ err: error }, what),
  );
  const tariffs = await Tariffs.load({
    store: stores.tariffs,
    bus,
    clock,
    onTrouble: (what, error) => log.error({ err: error }, what),
  });
  bus.onGap(() => tariffs.reload());
  const sound = await startSound(config, timers);
  closers.push(() => sound.close());
  const signatures = await loadProcessSignatures(database.kysely, clock);

  const sip = await startSip({
    listen: sipAddresses(config),
    ...(config.tls === undefined ? {} : { tls: readTlsIdentity(config.tls) }),
    domain: config.domain,
    ringTimeoutMs: config.ringTimeoutMs,
    directory,
    registrations,
    clock,
    timers,
    identifiers: services.identifiers,
    randomness: systemRandomness,
    hash: systemHash,
    network: () => network.current(),
    servesTrunk: (trunk) => speaksWith({ processes }, trunk),
    others: { processes, serving, signatures },
    isDraining: () => processes.isDraining,
    servers: names,
    callsStrangers: config.callsStrangers,
    media: { relays: sound.relays, policy: config.mediaPolicy },
    voice: { voices: sound.voices, wish: 'where-needed' },
    ...(names.enumLookups === undefined ? {} : { enumLookups: names.enumLookups }),
    charging: callCharging({ services, charging, tariffs, timers, log, self }),
    log: log.child({ face: 'sip' }),
    onKeep: (call, onKept, media) => writer.put(recordOf(call, clock.nowMs(), media), onKept),
  });
  closers.push(() => sip.close());
  await processes.reachedAt(addressOf(sip));
  proofs.codeCaller = sip.codeCaller;
  proofs.operatorPlans = () => network.current().operatorPlans;
  bus.onGap(() => network.reload());
  network.onChange(() => sip.trunks.networkChanged());
  watchProcesses(processes, (address) => sip.processIsGone(address));

  const months = new MonthWatch(services);
  const ledgerWatch = new LedgerWatch(services, ({ unbalanced, deviating }) =>
    log.error({ unbalanced: String(unbalanced.map(printMoney)), deviating }, 'the ledger does not add up'),
  );
  const http = await createHttpServer({
    services,
    calls,
    traces: sip.traces,
    documentPrinter: createDocumentPrinter(),
    explanations: createExplanations({ ...sip.connecting, ledger: stores.ledger }),
    registrations: createRegistrationsView({ directory, registrations, clock }),
    blocks: {
      list: () => sip.authentication.blocks(),
      lift: (kind, subject) => sip.authentication.lift(kind, subject),
    },
    trunkStates: { list: () => sip.trunks.state() },
    tariffs,
    hindrances: async () => [...(await hindrancesOf(database)), ...ledgerWatch.hindrances()],
    signIn: {
      storage: { db: database.kysely, type: 'postgres', transaction: true },
      secret: await loadSignInSecret(database.kysely as never),
      secureCookies: config.publicUrls.some((url) => url.startsWith('https:')),
    },
    log,
    version: packageVersion(),
    publicUrls: config.publicUrls,
    ...(config.trustedProxies.length === 0 ? {} : { trustedProxies: config.trustedProxies }),
  });
  const httpUrl = await http.listen({ host: config.http.address, port: config.http.port });
  closers.push(() => http.close());
  const onFailure = (error: unknown) =>
    log.error({ err: error }, 'what is out of date could not be tidied up');
  closers.push(
    regularly({ timers, everyMs: TIDY_EVERY_MS, onFailure }, async () => {
      const nowMs = clock.nowMs();
      const chores: readonly (() => Promise<unknown>)[] = [
        () => expireOrders(services, { nowMs }),
        () => expireBills(services, { nowMs }),
        () => services.idempotency.prune(nowMs),
        () => pruneWebhooks(services, { nowMs, warn: (sentence) => log.warn(sentence) }),
        // What a change told of and could not be read then.
        () => network.refresh(),
        () => tariffs.refresh(),
        () => charging.refresh(),
        () => stores.ledger.expire(nowMs, MOST_EXPIRED),
      ];
      // One after the other, and one that fails keeps no other from being done.
      for (const chore of chores) await chore().catch(onFailure);
    }),
    // Apart, since a ledger of many lines takes its time.
    regularly({ timers, everyMs: TIDY_EVERY_MS, onFailure }, () => ledgerWatch.lookWhereDue()),
    // Apart, since the mail server may keep it waiting.
    regularly({ timers, everyMs: TIDY_EVERY_MS, onFailure }, () =>
      renewNumbers(services, { nowMs: clock.nowMs() }),
    ),
    // Apart, since a month of calls takes its time.
    regularly({ timers, everyMs: TIDY_EVERY_MS, onFailure }, () => months.lookWhereDue()),
    // Apart, since the DNS may keep it waiting.
    regularly({ timers, everyMs: TIDY_EVERY_MS, onFailure }, async () => {
      await checkAliases(services, { nowMs: clock.nowMs() });
    }),
  );
  return {
    httpUrl,
    sipAddresses: sip.addresses,
    services,
    http,
    sip,
    processes,
    serving,
    signatures,
    tariffs,
    drain: async () => {
      if (config.drainMs === 0) return;
      await processes.drain();
      await untilNoneIsLeft(() => sip.metrics().legs, config.drainMs, timers);
    },
    close: closeAll,
  };
}

/** What calls cost, where their credit is asked for, and who is told of unusual spending. */
function callCharging(parts: {
  readonly services: ServicePorts;
  readonly charging: Charging;
  readonly tariffs: Tariffs;
  readonly timers: Timers;
  readonly log: Logger;
  readonly self: string;
}) {
  const { services, charging, tariffs, timers, log, self } = parts;
  const setUp = () => charging.current();
  const dayLimitOf: Charging['dayLimitOf'] = (account, currency) => charging.dayLimitOf(account, currency);
  const watch = new SpendingWatch({
    ...services,
    setUp,
    dayLimitOf,
    onTrouble: (error) => log.error({ err: error }, 'nobody could be told of unusual spending'),
  });
  const termsOf = (memberId: string) => charging.termsOf(memberId);
  return {
    prices: new CallPrices({ tariffs, setUp, termsOf, clock: services.clock }),
    desk: new ChargeDesk({
      ledger: services.ledger,
      self,
      timers,
      dayLimitOf,
      onAnswered: (transfer, reservation) => watch.answered(transfer, reservation),
      warn: (sentence) => log.warn(sentence),
    }),
  };
}

/** What calls hear besides each other: the relay between them, and the voice of the exchange. */
async function startSound(config: Config, timers: Timers) {
  const { mediaAddress: address, mediaPorts: ports } = config;
  const advertised = config.sipAdvertised === undefined ? {} : { advertisedAddress: config.sipAdvertised };
  const relays =
    config.rtpengine === undefined
      ? new EmbeddedRelays({ address, ports, ...advertised })
      : await RtpengineRelays.connect({ ...config.rtpengine, timers });
  const voices = new Voices({ announcements: await Announcements.load(), address, ports, timers });
  return {
    relays,
    voices,
    close: async () => {
      voices.close();
      await relays.close();
    },
  };
}

/**
 * What of a process stays the same when it starts again. The embedded database has one owner; on another database it
 * is the machine and where SIP is listened at.
 */
function placeOf({ databaseUrl, sip }: Config, self: string): string {
  if (databaseUrl === undefined) return '';
  // A port that the system chooses is another each time, and so is the place.
  if (sip.some(({ port }) => port === 0)) return self;
  return `${hostname()} ${sip.map(({ address, port }) => `${address}:${port}`).join(' ')}`;
}

/** Tells the address of each process that was there and is no more. */
function watchProcesses(
  processes: Pick<Processes, 'list' | 'onChange'>,
  onGone: (address: string) => void,
): void {
  let known = processes.list();
  processes.onChange(() => {
    const now = processes.list();
    for (const { id, address } of known) if (!now.some((each) => each.id === id)) onGone(address);
    known = now;
  });
}

/** Where other processes send SIP: the first address of UDP. */
function addressOf({ addresses }: Sip): string {
  return (addresses.find((address) => address.startsWith('udp:')) ?? '').slice('udp:'.length);
}

/** Resolves when there are none, or after that time. */
async function untilNoneIsLeft(count: () => number, withinMs: number, timers: Timers): Promise<void> {
  const pause = 100;
  for (let waitedMs = 0; count() > 0 && waitedMs < withinMs; waitedMs += pause) {
    await new Promise<void>((resolve) => {
      timers.start(pause, resolve);
    });
  }
}

/** The service works as long as its database answers: calls go on without it, but nothing is sold or recorded. */
async function hindrancesOf(database: OpenDatabase): Promise<readonly string[]> {
  try {
    await sql`select 1`.execute(database.kysely);
    return [];
  } catch {
    return ['The database does not answer.'];
  }
}

/** Whether this process itself speaks SIP there, to which no trunk may lead: its calls would come back at once. */
function ownSipAddresses(config: Config): (host: string, port: number) => boolean {
  const servesHost = createOwnHosts({
    domain: config.domain,
    listen: sipAddresses(config),
    nowMs: () => systemClock.nowMs(),
  });
  const ports = new Set(sipAddresses(config).map(({ port }) => port));
  return (host, port) => ports.has(port) && servesHost(host.toLowerCase());
}

function sipAddresses({ sip, tls, sipAdvertised }: Config) {
  const advertised = sipAdvertised === undefined ? {} : { advertised: sipAdvertised };
  const at = (transport: 'udp' | 'tcp' | 'tls', { address, port }: ListenConfig) => ({
    transport,
    address,
    port,
    ...advertised,
  });
  return [
    ...sip.flatMap((place) => [at('udp', place), at('tcp', place)]),
    ...(tls?.listen ?? []).map((place) => at('tls', place)),
  ];
}

function packageVersion(): string {
  const path = new URL('../package.json', import.meta.url);
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}
