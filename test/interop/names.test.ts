import { afterAll, beforeAll, expect, it } from 'vitest';
import { createNameService } from '../../src/adapters/dns/index.ts';
import { type NameServer, startNameServer, startSilentNameServer } from '../support/name-server/index.ts';
import { describeWith } from '../support/phones/index.ts';

const RECORDS = `
chain NAPTR 20 10 "s" "SIP+D2U" "" _sip._udp.chain
chain NAPTR 10 10 "s" "SIP+D2T" "" elsewhere.chain
elsewhere.chain SRV 1 0 5070 one
_sip._udp.chain SRV 1 0 5080 two
srv-only A 192.0.2.99
_sip._udp.srv-only SRV 20 0 5062 two
_sip._udp.srv-only SRV 10 0 5061 one
one A 203.0.113.1
two A 203.0.113.2
six AAAA 2001:db8::6
_sip._udp.first-gone SRV 1 0 5061 nowhere
_sip._udp.first-gone SRV 2 0 5062 two
inside A 127.0.0.1
mixed A 10.0.0.1
mixed A 203.0.113.7
_sip._udp.spelled SRV 1 0 5060 127.0.0.1.
_sip._udp.port-zero SRV 1 0 0 one
_sip._udp.none SRV 0 0 0 .
alias CNAME one
secure NAPTR 10 10 "s" "SIPS+D2T" "" _sips._tcp.secure
secure NAPTR 20 10 "s" "SIP+D2U" "" _sip._udp.secure
_sips._tcp.secure SRV 1 0 5061 one
_sip._udp.secure SRV 1 0 5060 two
half NAPTR 10 10 "s" "SIP+D2T" "" not-served.example.
half NAPTR 20 10 "s" "SIP+D2U" "" _sip._udp.secure
${Array.from({ length: 20 }, (_, at) => `_sip._udp.crowd SRV ${20 - at} 0 ${5100 + at} one`).join('\n')}
_omnidial.acme TXT "omnidial-proof=" "abc"
${Array.from({ length: 500 }, (_, at) => `flood A 203.0.${at >> 8}.${at & 255}`).join('\n')}
`;
const NUMBERS = `
0.0.2.6.0.0.2.6.2.2.8 NAPTR 20 10 "u" "E2U+sip" "!^.*$!sip:second@example.test!" .
0.0.2.6.0.0.2.6.2.2.8 NAPTR 10 10 "u" "E2U+sip" "!^\\\\+82(.*)$!sip:\\\\1@example.test!" .
1.2.8 NAPTR 10 10 "u" "E2U+email:mailto" "!^.*$!mailto:a@example.test!" .
`;

describeWith(['knotd'], 'R16: names in a real DNS', () => {
  let server: NameServer;
  beforeAll(async () => {
    server = await startNameServer({ 'example.test': RECORDS, 'enum.test': NUMBERS });
  });
  afterAll(() => server?.close());

  const serviceAt = (at: NameServer, allowsPrivate = false, speaksTls = true) =>
    createNameService({
      clock: { nowMs: () => Date.now() },
      servers: [`${at.address}:${at.port}`],
      allowsPrivate,
      speaksTls,
      enumSuffix: 'enum.test',
      deadlineMs: 1_000,
      random: () => 0.5,
    });
  const located = async (host: string, more: { port?: number; allowsPrivate?: boolean } = {}) => {
    const { allowsPrivate = false, ...port } = more;
    const found = await serviceAt(server, allowsPrivate).locate({
      scheme: 'sip',
      host: `${host}.example.test`,
      ...port,
    });
    if (!found.ok) return found.refusal.code;
    return found.value.map(({ transport, address, port: at }) => `${transport} ${address} ${at}`);
  };

  it.each([
    ['NAPTR, then SRV, then A, by order', 'chain', ['tcp 203.0.113.1 5070', 'udp 203.0.113.2 5080']],
    ['SRV by priority before A', 'srv-only', ['udp 203.0.113.1 5061', 'udp 203.0.113.2 5062']],
    ['A alone', 'one', ['udp 203.0.113.1 5060']],
    ['AAAA alone', 'six', ['udp 2001:db8::6 5060']],
    ['a CNAME', 'alias', ['udp 203.0.113.1 5060']],
    ['the second server where the first has no address', 'first-gone', ['udp 203.0.113.2 5062']],
    ['the public address of two', 'mixed', ['udp 203.0.113.7 5060']],
    ['TLS where the domain wants it first', 'secure', ['tls 203.0.113.1 5061', 'udp 203.0.113.2 5060']],
    ['the other service where the servers of one cannot be asked for', 'half', ['udp 203.0.113.2 5060']],
    ['no such name', 'missing', 'address-not-found'],
    ['an address of ours', 'inside', 'address-not-found'],
    ['an SRV record that spells an address of ours', 'spelled', 'address-not-found'],
    ['port 0', 'port-zero', 'address-not-found'],
    ['a domain that says it has no SIP', 'none', 'address-not-found'],
  ])('RFC 3263 §4: %s', async (_, host, hops) => {
    expect(await located(host)).toEqual(hops);
  });

  it('RFC 3263 §4.2: a port asks for no SRV', async () => {
    expect(await located('srv-only', { port: 5099 })).toEqual(['udp 192.0.2.99 5099']);
  });

  it('RFC 2782: of twenty servers the eight that come first are tried', async () => {
    const ports = Array.from({ length: 8 }, (_, at) => `udp 203.0.113.1 ${5119 - at}`);
    expect(await located('crowd')).toEqual(ports);
  });

  it.each([
    ['a domain with SRV records', { host: 'secure.example.test' }, ['tls', 5061, 'secure.example.test']],
    ['a name with an address alone', { host: 'one.example.test' }, ['tls', 5061, 'one.example.test']],
    ['a port', { host: 'one.example.test', port: 5060 }, ['tls', 5060, 'one.example.test']],
    ['UDP wished for', { host: 'one.example.test', transport: 'udp' }, ['tls', 5061, 'one.example.test']],
    ['an address', { host: '203.0.113.1' }, ['tls', 5061, undefined]],
  ] as const)('RFC 3261 §26.2.2: a SIPS URI of %s is reached over TLS alone', async (_, wanted, hop) => {
    const target = { scheme: 'sips', ...wanted } as const;
    const found = await serviceAt(server).locate(target);
    const hops = found.ok ? found.value : [];
    expect(hops.map(({ transport, port, serverName }) => [transport, port, serverName])).toEqual([hop]);
    const withoutTls = await serviceAt(server, false, false).locate(target);
    expect(withoutTls.ok ? withoutTls.value : withoutTls.refusal.code).toBe('address-not-found');
  });

  it('an operator may allow names of his own network', async () => {
    expect(await located('inside', { allowsPrivate: true })).toEqual(['udp 127.0.0.1 5060']);
  });

  it('an answer of 500 addresses comes over TCP and is cut', async () => {
    expect(await located('flood')).toHaveLength(8);
  });

  it('R17: a TXT record in parts is put together', async () => {
    const found = await serviceAt(server).textsOf('_omnidial.acme.example.test');
    expect(found).toEqual({ ok: true, value: ['omnidial-proof=abc'] });
  });

  it('RFC 6116 §3.4: a number becomes its SIP URIs by order, other services left out', async () => {
    const { enumLookups } = serviceAt(server);
    expect(await enumLookups?.sipUrisOf('+82262006200')).toEqual([
      'sip:262006200@example.test',
      'sip:second@example.test',
    ]);
    expect(await enumLookups?.sipUrisOf('+821')).toEqual([]);
    expect(await enumLookups?.sipUrisOf('+829')).toEqual([]);
  });

  it('a refusing server is a failure, and not an unknown name', async () => {
    const found = await serviceAt(server).locate({ scheme: 'sip', host: 'not-served.example' });
    expect(found.ok ? found.value : found.refusal.code).toBe('address-lookup-failed');
  });

  it('a server that hangs holds a call no longer than the deadline', async () => {
    const silent = await startSilentNameServer();
    const service = serviceAt(silent);
    const startMs = performance.now();
    const found = await service.locate({ scheme: 'sip', host: 'one.example.test' });
    expect(found.ok ? found.value : found.refusal.code).toBe('address-lookup-failed');
    expect(await service.enumLookups?.sipUrisOf('+82262006200')).toEqual([]);
    expect(performance.now() - startMs).toBeLessThan(2_500);
    await silent.close();
  });
});
