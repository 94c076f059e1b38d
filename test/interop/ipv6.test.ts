import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPhone, type Phone } from '../../src/adapters/sip/phone/index.ts';
import { shareOfTone, tone } from '../../src/protocols/audio/index.ts';
import { describeWith } from '../support/phones/index.ts';
import { buildWorld, Service, type TerminalAccess, type World } from '../support/service/index.ts';

const PORT = 24_700;

/* Over IPv6 everything has brackets somewhere, and they are easily forgotten. */
describeWith([], 'a service that speaks IPv6', () => {
  let service: Service;
  let world: World;
  const phones: Phone[] = [];

  beforeAll(async () => {
    service = await Service.start({
      sipPort: PORT,
      env: { OMNIDIAL_SIP: `127.0.0.1:${PORT},[::1]:${PORT}` },
    });
    world = await buildWorld(service.api);
  });

  afterAll(async () => {
    for (const phone of phones) await phone.close();
    await service?.stop();
  });

  const open = async (
    { user, password }: TerminalAccess,
    transport: 'udp' | 'tcp',
    hertz: number,
    host = '[::1]',
  ) => {
    const server = `${host}:${PORT}`;
    const created = await createPhone({ user, password, server, transport, answers: 'by-itself' });
    if (!created.ok) throw new Error(created.detail);
    created.phone.play(tone(hertz, 10_000));
    expect(await created.phone.register()).toMatchObject({ ok: true });
    phones.push(created.phone);
    return created.phone;
  };

  it('R13, R18: connects phones over IPv6, by UDP and TCP, with sound', async () => {
    const caller = await open(world.american.terminals[0] as TerminalAccess, 'udp', 440);
    const callee = await open(world.japanese.terminals[0] as TerminalAccess, 'tcp', 620);
    const call = caller.call(world.japanese.number);
    expect(await call.answered).toBe(true);
    await expect.poll(() => callee.heard().length, { timeout: 5_000 }).toBeGreaterThan(8_000);
    await expect.poll(() => caller.heard().length, { timeout: 5_000 }).toBeGreaterThan(8_000);
    caller.hangUp();
    expect(await call.ended).toMatchObject({ by: 'us', wasAnswered: true });
    expect(shareOfTone(callee.heard().slice(2_000, 8_000), 440)).toBeGreaterThan(0.95);
    expect(shareOfTone(caller.heard().slice(2_000, 8_000), 620)).toBeGreaterThan(0.95);
  });

  it('rings a phone of the one family for a caller of the other', async () => {
    const caller = await open(world.korean.terminals[0] as TerminalAccess, 'udp', 440, '127.0.0.1');
    const call = caller.call(world.japanese.number);
    expect(await call.answered).toBe(true);
    caller.hangUp();
    expect(await call.ended).toMatchObject({ by: 'us' });
  });
});
