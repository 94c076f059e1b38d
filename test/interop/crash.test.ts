import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../support/phones/index.ts';
import { IncomingCall, OutgoingCall, RawPhone } from '../support/raw-phone/index.ts';
import {
  buildWorld,
  Service,
  type ShownCall,
  type TerminalAccess,
  type World,
} from '../support/service/index.ts';

const CALLS = 200;

/* The power goes out while people talk. */
describeWith([], `the service is killed with kill -9 during ${CALLS} calls`, () => {
  let service: Service;
  let world: World;
  let caller: RawPhone;
  let callee: RawPhone;

  beforeAll(async () => {
    service = await Service.start({ sipPort: 24_500 });
    world = await buildWorld(service.api);
    const open = async ({ user, password }: TerminalAccess) => {
      const phone = await RawPhone.open({ user, password, server: service.sipAddress });
      expect(await phone.register()).toMatchObject({ status: 200 });
      return phone;
    };
    caller = await open(world.korean.terminals[0] as TerminalAccess);
    callee = await open(world.american.terminals[0] as TerminalAccess);
  });

  afterAll(async () => {
    caller?.close();
    callee?.close();
    await service?.stop();
  });

  /** One call that is answered, or that only rings. */
  const call = async (isAnswered: boolean) => {
    const outgoing = new OutgoingCall(caller, world.american.dial);
    const incoming = await IncomingCall.at(callee);
    incoming.respond(180, 'Ringing');
    if (!isAnswered) return outgoing;
    incoming.respond(200, 'OK');
    expect(await outgoing.final()).toMatchObject({ status: 200 });
    await incoming.acknowledged();
    return outgoing;
  };

  it('loses no record, leaves none open, and reaches the phones without their registering anew', async () => {
    for (let made = 0; made < CALLS; made += 1) await call(made % 10 !== 9);
    const killedAt = Date.now();
    await service.kill9();
    await service.restart();

    const kept = await service.api.list<ShownCall>('/v1/calls');
    const answered = kept.filter(({ answeredAt }) => answeredAt !== undefined);
    expect(answered).toHaveLength(CALLS * 0.9);
    for (const { status, endedAt, answeredAt, hungUpBy } of answered) {
      expect({ status, hungUpBy }).toEqual({ status: 'completed', hungUpBy: 'exchange' });
      expect(Date.parse(endedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(answeredAt ?? ''));
      expect(Date.parse(endedAt ?? '')).toBeLessThanOrEqual(killedAt);
    }
    expect(kept.filter(({ endedAt }) => endedAt === undefined)).toEqual([]);
    expect(kept.filter(({ status }) => ['queued', 'ringing', 'answered'].includes(status))).toEqual([]);

    const after = new OutgoingCall(caller, world.american.dial);
    // The INVITEs of before the crash have all been taken by their calls.
    const incoming = await IncomingCall.at(callee, 2000);
    incoming.respond(200, 'OK');
    expect(await after.final()).toMatchObject({ status: 200 });
    await incoming.acknowledged();
    await Promise.all([after.bye(), incoming.hungUp()]);
    const isCompleted = async () => (await service.api.list<ShownCall>('/v1/calls')).at(0);
    await expect.poll(isCompleted).toMatchObject({ status: 'completed', hungUpBy: 'caller' });
  });
});
