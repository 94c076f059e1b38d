import { describe, expect, it } from 'vitest';
import type { Flow } from '../../src/adapters/sip/network/index.ts';
import { headerValue, headerValues, type SipResponse } from '../../src/protocols/sip/message/index.ts';
import { createWorld, REALM, RegisteringPhone } from '../support/registration.ts';

const contactsOf = (response: SipResponse) => headerValues(response, 'Contact');
const DESK = '<sip:alice@192.0.2.1:5060>';

describe('a phone registers', () => {
  it('R18: is challenged, proves its password, and is bound where it sends from', async () => {
    const world = createWorld();
    const phone = new RegisteringPhone(world);
    const response = await phone.register({ Contact: DESK, Expires: '600' });
    expect(response.status).toBe(200);
    expect(contactsOf(response)).toEqual(['<sip:alice@192.0.2.1:5060>;expires=600']);
    expect(headerValue(response, 'Date')).toBe('Thu, 01 Jan 1970 00:00:00 GMT');
    expect(phone.challenges).toBe(1);
    const [binding] = world.registrations.bindingsOf('terminal-alice', world.clock.nowMs());
    expect(binding).toMatchObject({ contact: 'sip:alice@192.0.2.1:5060', flow: { address: '192.0.2.1' } });
  });

  it('RFC 8760 §2.4: is offered SHA-256 first and MD5 last, in two headers', async () => {
    const world = createWorld();
    const response = await world.send(new RegisteringPhone(world).request());
    expect(response.status).toBe(401);
    const offers = response.headers
      .filter(({ name }) => name === 'WWW-Authenticate')
      .map(({ value }) => value);
    expect(offers.map((offer) => /algorithm=([\w-]+), qop="auth"/.exec(offer)?.[1])).toEqual([
      'SHA-256',
      'MD5',
    ]);
  });

  it('R18: keeps its nonce for a refresh, and is not challenged again until it is old', async () => {
    const world = createWorld();
    const phone = new RegisteringPhone(world);
    await phone.register();
    world.clock.run(250_000);
    expect((await phone.register()).status).toBe(200);
    expect(phone.challenges).toBe(1);
    world.clock.run(400_000);
    expect((await phone.register()).status).toBe(200);
    expect(phone.challenges).toBe(2);
  });

  it('RFC 3261 §10.2.1: several phones share an account, and are all listed with their rank and time', async () => {
    const world = createWorld();
    const laptop = {
      callId: 'call-2',
      source: { transport: 'tcp', address: '192.0.2.9', port: 40_000, connection: 3 },
    };
    await new RegisteringPhone(world).register({ Contact: `${DESK};q=0.5;expires=120` });
    world.clock.run(60_000);
    const response = await new RegisteringPhone(world, laptop as { source: Flow; callId: string }).register({
      Contact: '"My laptop" <sip:alice@192.0.2.9;transport=tcp>',
    });
    expect(contactsOf(response)).toEqual([
      '<sip:alice@192.0.2.1:5060>;expires=60;q=0.5',
      '<sip:alice@192.0.2.9;transport=tcp>;expires=3600',
    ]);
  });

  it('RFC 3261 §10.2.1: is asked to come less often than once a minute', async () => {
    const response = await new RegisteringPhone(createWorld()).register({ Contact: DESK, Expires: '30' });
    expect([response.status, headerValue(response, 'Min-Expires')]).toEqual([423, '60']);
  });

  it('RFC 3261 §10.2.1.1: gets an hour where its Expires cannot be read', async () => {
    const response = await new RegisteringPhone(createWorld()).register({ Contact: DESK, Expires: 'soon' });
    expect(contactsOf(response)).toEqual(['<sip:alice@192.0.2.1:5060>;expires=3600']);
  });

  it('RFC 3261 §10.2.2: takes all its bindings back with * and Expires: 0, and with nothing else', async () => {
    const phone = new RegisteringPhone(createWorld());
    await phone.register({ Contact: [DESK, '<sip:alice@192.0.2.2>'] });
    expect((await phone.register({ Contact: '*', Expires: '60' })).status).toBe(400);
    expect((await phone.register({ Contact: ['*', DESK], Expires: '0' })).status).toBe(400);
    const response = await phone.register({ Contact: '*', Expires: '0' });
    expect([response.status, contactsOf(response)]).toEqual([200, []]);
  });

  it('RFC 3261 §10.3: a request that was overtaken is refused as a whole', async () => {
    const world = createWorld();
    const phone = new RegisteringPhone(world);
    await phone.register({ Contact: DESK });
    const response = await phone.register({ Contact: ['<sip:alice@192.0.2.3>', DESK], CSeq: '1 REGISTER' });
    expect(response.status).toBe(500);
    expect(world.registrations.bindingsOf('terminal-alice', world.clock.nowMs())).toHaveLength(1);
  });

  it.each([
    ['the address of another', { To: `<sip:bob@${REALM}>` }, 403],
    ['an address nobody here serves', { To: '<sip:alice@elsewhere.example>' }, 404],
    ['a telephone number as its address', { To: '<tel:+8226200>' }, 404],
    ['a contact that is no SIP URI', { Contact: '<mailto:alice@example.com>' }, 400],
    ['a contact with headers', { Contact: '<sip:alice@192.0.2.1?Route=sip:x>' }, 400],
    ['a rank above one', { Contact: `${DESK};q=1.5` }, 400],
    ['an endless contact', { Contact: `<sip:${'a'.repeat(600)}@192.0.2.1>` }, 400],
    ['an endless Call-ID', { 'Call-ID': 'c'.repeat(300) }, 400],
    ['an extension we do not have', { Require: 'path, outbound' }, 420],
    ['eleven phones', { Contact: Array.from({ length: 11 }, (_, at) => `<sip:alice@192.0.2.${at}>`) }, 403],
    ['more phones than are read', { Contact: Array.from({ length: 33 }, () => DESK) }, 400],
  ])('is refused with %s', async (_what, headers, status) => {
    const world = createWorld();
    const response = await new RegisteringPhone(world).register(headers);
    expect(response.status).toBe(status);
    if (status === 420) expect(headerValue(response, 'Unsupported')).toBe('path, outbound');
    expect([...world.registrations.all(0)]).toEqual([]);
  });

  it('RFC 3261 §10.3: a Request-URI of another domain is not ours to register', async () => {
    const world = createWorld();
    const request = { ...new RegisteringPhone(world).request(), uri: 'sip:elsewhere.example' };
    expect((await world.send(request)).status).toBe(404);
  });
});

describe('a restart', () => {
  it('R18: loses no phone', async () => {
    const before = createWorld();
    const tcp: Flow = { transport: 'tcp', address: '192.0.2.9', port: 40_000, connection: 3 };
    await new RegisteringPhone(before).register({ Contact: DESK });
    await new RegisteringPhone(before, { callId: 'call-2', source: tcp }).register({
      Contact: '<sip:a@192.0.2.9>',
    });
    await new RegisteringPhone(before, { user: 'bob' }).register({ Contact: '<sip:bob@192.0.2.7>' });
    const after = createWorld({ store: before.store, clock: before.clock });
    await after.registrations.load();
    const found = after.registrations.bindingsOf('terminal-alice', after.clock.nowMs());
    expect(found.map(({ contact }) => contact)).toEqual(['sip:alice@192.0.2.1:5060', 'sip:a@192.0.2.9']);
    expect(found[1]?.flow).toEqual({ transport: 'tcp', address: '192.0.2.9', port: 40_000 });
    expect(after.registrations.bindingsOf('terminal-bob', after.clock.nowMs())).toHaveLength(1);
  });

  it('makes the nonces of before old, and not the phones wrong', async () => {
    const before = createWorld();
    const phone = new RegisteringPhone(before);
    await phone.register();
    const after = createWorld({ store: before.store, clock: before.clock });
    const response = await after.send(phone.request());
    expect(response.status).toBe(401);
    expect(headerValue(response, 'WWW-Authenticate')).toContain('stale=true');
    expect(after.authentication.blocks()).toEqual([]);
  });

  it('is not promised to survive what the store did not take: the phone is told to come again', async () => {
    const world = createWorld({
      store: { load: async () => [], save: () => Promise.reject(new Error('The store is away.')) },
    });
    const response = await new RegisteringPhone(world).register({ Contact: DESK });
    expect([response.status, headerValue(response, 'Retry-After')]).toEqual([500, '10']);
    expect(world.storeFailures).toHaveLength(1);
    expect([...world.registrations.all(0)]).toEqual([]);
  });
});
