import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { field, IncomingCall, OutgoingCall, RawPhone } from '../support/raw-phone/index.ts';
import {
  buildWorld,
  orderNumber,
  payOrder,
  registerMember,
  Service,
  type ShownCall,
  type TerminalAccess,
  type World,
} from '../support/service/index.ts';

/* Every way a call ends before it is answered: the code at both ends, and one record that says the same. */
describe('how calls end, code by code', () => {
  const RING_SECONDS = 5;
  let service: Service;
  let world: World;
  let alice: RawPhone;
  let bob: RawPhone;
  const opened: RawPhone[] = [];

  const open = async ({ user, password }: TerminalAccess, transport: 'udp' | 'tcp', registers = true) => {
    const phone = await RawPhone.open({ user, password, server: service.sipAddress, transport });
    opened.push(phone);
    if (registers) expect(await phone.register()).toMatchObject({ status: 200 });
    return phone;
  };

  beforeAll(async () => {
    service = await Service.start({ sipPort: 24_300, env: { OMNIDIAL_RING_SECONDS: String(RING_SECONDS) } });
    world = await buildWorld(service.api);
    alice = await open(world.korean.terminals[0] as TerminalAccess, 'udp');
    bob = await open(world.american.terminals[0] as TerminalAccess, 'tcp');
  });

  afterAll(async () => {
    for (const phone of opened) phone.close();
    await service?.stop();
  });

  /** What was recorded while `calls` ran; the records of calls that ended are there a moment later. */
  const recordsOf = async (calls: () => Promise<void>): Promise<ShownCall[]> => {
    const before = new Set((await service.api.list<ShownCall>('/v1/calls')).map(({ id }) => id));
    await calls();
    const newOnes = async () =>
      (await service.api.list<ShownCall>('/v1/calls')).filter(({ id }) => !before.has(id));
    await expect.poll(async () => (await newOnes()).map(({ endedAt }) => endedAt)).not.toContain(undefined);
    await expect.poll(async () => (await newOnes()).length).toBeGreaterThan(0);
    return newOnes();
  };

  it('the caller gives up: 487 for the caller, CANCEL for the callee', async () => {
    const records = await recordsOf(async () => {
      const call = new OutgoingCall(alice, world.american.dial);
      const incoming = await IncomingCall.at(bob);
      incoming.respond(180, 'Ringing');
      expect(await call.answer()).toMatchObject({ status: 180 });
      call.cancel();
      await incoming.cancelled();
      expect(await call.final()).toMatchObject({ status: 487 });
    });
    expect(records).toEqual([
      expect.objectContaining({ status: 'cancelled', hungUpBy: 'caller', sipStatus: 487 }),
    ]);
    expect(records[0]).not.toHaveProperty('answeredAt');
  });

  it.each([
    { about: 'is busy', says: 486, status: 'busy', cause: 17 },
    { about: 'declines', says: 603, status: 'busy', cause: 21 },
    { about: 'is not available', says: 480, status: 'no-answer', cause: 19 },
    { about: 'understands no codec', says: 488, status: 'failed', cause: 65 },
  ])('the callee $about: $says for the caller', async ({ says, status, cause }) => {
    const records = await recordsOf(async () => {
      const call = new OutgoingCall(alice, world.american.dial);
      const incoming = await IncomingCall.at(bob);
      incoming.respond(180, 'Ringing');
      incoming.respond(says);
      await incoming.acknowledged();
      const final = await call.final();
      expect(final).toMatchObject({ status: says });
      expect(field(final.text, 'Reason')).toMatch(new RegExp(`^Q\\.850;\\s*cause=${cause}\\b`));
    });
    expect(records).toEqual([
      expect.objectContaining({ status, hungUpBy: 'callee', sipStatus: says, q850Cause: cause }),
    ]);
  });

  it('nobody answers: 480 for the caller, CANCEL for the callee', async () => {
    const records = await recordsOf(async () => {
      const call = new OutgoingCall(alice, world.american.dial);
      const incoming = await IncomingCall.at(bob);
      incoming.respond(180, 'Ringing');
      await incoming.cancelled((RING_SECONDS + 3) * 1000);
      const final = await call.final();
      expect(final).toMatchObject({ status: 480 });
      expect(field(final.text, 'Reason')).toContain('cause=19');
    });
    expect(records).toEqual([
      expect.objectContaining({ status: 'no-answer', hungUpBy: 'exchange', sipStatus: 480, q850Cause: 19 }),
    ]);
  });

  it.each([
    { who: 'caller', hungUpBy: 'caller' },
    { who: 'callee', hungUpBy: 'callee' },
  ])('the $who hangs up an answered call: BYE at the other end', async ({ who, hungUpBy }) => {
    const records = await recordsOf(async () => {
      const call = new OutgoingCall(alice, world.american.dial);
      const incoming = await IncomingCall.at(bob);
      incoming.respond(200, 'OK');
      expect(await call.final()).toMatchObject({ status: 200 });
      await incoming.acknowledged();
      const [ends, other] = who === 'caller' ? [call, incoming] : [incoming, call];
      const [answer] = await Promise.all([ends.bye(), other.hungUp()]);
      expect(answer).toMatchObject({ status: 200 });
    });
    expect(records).toEqual([
      expect.objectContaining({
        status: 'completed',
        hungUpBy,
        callerTerminalId: world.korean.terminals[0]?.id,
        calleeTerminalId: world.american.terminals[0]?.id,
        answeredAt: expect.any(String),
      }),
    ]);
  });

  it('one of two phones answers: the other is cancelled with the reason', async () => {
    const second = await open(world.korean.terminals[1] as TerminalAccess, 'tcp');
    const records = await recordsOf(async () => {
      const call = new OutgoingCall(bob, world.korean.dial);
      const [first, other] = [await IncomingCall.at(alice), await IncomingCall.at(second)];
      first.respond(180, 'Ringing');
      other.respond(180, 'Ringing');
      other.respond(200, 'OK');
      const cancel = await first.cancelled();
      expect(field(cancel.text, 'Reason')).toMatch(/SIP;\s*cause=200/);
      expect(await call.final()).toMatchObject({ status: 200 });
      await Promise.all([call.bye(), other.hungUp()]);
    });
    expect(records).toEqual([
      expect.objectContaining({ status: 'completed', calleeTerminalId: world.korean.terminals[1]?.id }),
    ]);
  });

  it.each([
    {
      number: '0262009999082',
      about: 'a number nobody has bought',
      says: 404,
      refusal: 'number-not-in-service',
    },
    { number: '62006275%23852', about: 'a branch there is not', says: 404, refusal: 'branch-not-found' },
  ])('$about: $says', async ({ number, says, refusal }) => {
    const records = await recordsOf(async () => {
      expect(await new OutgoingCall(alice, number).final()).toMatchObject({ status: says });
    });
    expect(records).toEqual([expect.objectContaining({ status: 'failed', sipStatus: says, refusal })]);
  });

  it('nobody is registered: 480 with cause 20', async () => {
    const records = await recordsOf(async () => {
      const final = await new OutgoingCall(alice, world.japanese.dial).final();
      expect(final).toMatchObject({ status: 480 });
      expect(field(final.text, 'Reason')).toContain('cause=20');
    });
    expect(records).toEqual([expect.objectContaining({ status: 'failed', sipStatus: 480 })]);
  });

  it('a stranger is not let call: 401, and no record', async () => {
    const { user } = world.korean.terminals[0] as TerminalAccess;
    const stranger = await open(
      { ...(world.korean.terminals[0] as TerminalAccess), user, password: 'wrong' },
      'udp',
      false,
    );
    const before = (await service.api.list<ShownCall>('/v1/calls')).length;
    expect(await new OutgoingCall(stranger, world.american.dial).final()).toMatchObject({ status: 401 });
    expect(await service.api.list<ShownCall>('/v1/calls')).toHaveLength(before);
  });

  it('R9: a number rings within a second of its payment, and is not in service before', async () => {
    const number = '02-6200-8888-082';
    const memberId = await registerMember(service.api, 'individual', number);
    const { terminal, password, realm } = await service.api.post<{
      terminal: TerminalAccess;
      password: string;
      realm: string;
    }>('/v1/terminals', { memberId, countryCode: '082', name: 'new phone' });
    const buyer = await open({ ...terminal, password, realm }, 'udp');
    const dial = number.replaceAll('-', '');
    expect(await new OutgoingCall(bob, dial).final()).toMatchObject({ status: 404 });
    const order = await orderNumber(service.api, memberId, number);
    expect(await new OutgoingCall(bob, dial).final()).toMatchObject({ status: 404 });
    await payOrder(service.api, order);
    const paidAt = performance.now();
    const call = new OutgoingCall(bob, dial);
    const incoming = await IncomingCall.at(buyer, 1000);
    incoming.respond(180, 'Ringing');
    expect(await call.answer(1000)).toMatchObject({ status: 180 });
    expect(performance.now() - paidAt).toBeLessThan(1000);
    incoming.respond(200, 'OK');
    expect(await call.final()).toMatchObject({ status: 200 });
    await Promise.all([call.bye(), incoming.hungUp()]);
  });
});
