import { describe, expect, it } from 'vitest';
import type { Flow } from '../../src/adapters/sip/network/index.ts';
import { headerValue, headerValues } from '../../src/protocols/sip/message/index.ts';
import { createWorld, HOME, RegisteringPhone, type World } from '../support/registration.ts';

const from = (address: string): Flow => ({ transport: 'udp', address, port: 5060 });

/** Guesses a user's password so often from there; the statuses that came back. */
async function guess(world: World, times: number, source: Flow, user = 'alice'): Promise<number[]> {
  const guesser = new RegisteringPhone(world, { user, password: 'a guess', source, callId: 'guesser' });
  const statuses: number[] = [];
  for (let at = 0; at < times; at += 1) statuses.push(await guesser.guess());
  return statuses;
}

describe('wrong passwords', () => {
  it('are answered with a challenge, and after ten of them the source is not listened to', async () => {
    const world = createWorld();
    expect(await guess(world, 11, from('198.51.100.1'))).toEqual([...Array(10).fill(401), 403]);
    const right = new RegisteringPhone(world, { source: from('198.51.100.1') });
    const response = await right.register();
    expect([response.status, headerValue(response, 'Retry-After')]).toEqual([403, '30']);
    expect(world.blocked).toMatchObject([{ kind: 'source', subject: '198.51.100.1' }]);
    expect((await new RegisteringPhone(world).register()).status).toBe(200);
  });

  it('block a source twice as long the next time', async () => {
    const world = createWorld();
    for (const seconds of [30, 60, 120]) {
      const statuses = await guess(world, 10, from('198.51.100.1'));
      expect(statuses).toEqual(Array(10).fill(401));
      const [block] = world.authentication.blocks();
      if (block === undefined) throw new Error('The source should be blocked.');
      expect(block.untilMs - block.sinceMs).toBe(seconds * 1000);
      world.clock.run(block.untilMs);
    }
  });

  it('of an IPv6 source count for its whole /64', async () => {
    const world = createWorld();
    for (let host = 1; host <= 10; host += 1) await guess(world, 1, from(`2001:db8:0:7::${host}`));
    expect(await guess(world, 1, from('2001:db8:0:7:ffff::1'))).toEqual([403]);
    expect(await guess(world, 1, from('2001:db8:0:8::1'))).toEqual([401]);
  });

  it('for a user nobody is look the same, up to the block', async () => {
    const world = createWorld();
    const source = from('198.51.100.1');
    const answerTo = async (user: string) => {
      const phone = new RegisteringPhone(world, { user, password: 'a guess', source });
      const response = await phone.register();
      const fields = response.headers.map(({ name, value }) => {
        const shape = value.replace(/nonce="[^"]*"/, 'nonce').replace(/tag-\d+/, 'tag');
        return `${name}: ${shape.replaceAll(user, 'user')}`;
      });
      return [response.status, phone.challenges, ...fields];
    };
    expect(await answerTo('nobody')).toEqual(await answerTo('alice'));
    for (const [user, network] of [
      ['alice', '203.0.113'],
      ['nobody', '198.18.0'],
    ]) {
      for (let at = 1; at <= 3; at += 1) await guess(world, 9, from(`${network}.${at}`), user);
      expect(await guess(world, 1, from(`${network}.9`), user)).toEqual([403]);
    }
  });

  it('are not counted for challenges, old nonces, or what cannot be read', async () => {
    const world = createWorld();
    const phone = new RegisteringPhone(world);
    for (let at = 0; at < 50; at += 1) await world.send(phone.request());
    const malformed = { Authorization: 'Digest username="alice"' };
    for (let at = 0; at < 50; at += 1) expect((await world.send(phone.request(malformed))).status).toBe(400);
    await phone.register();
    const old = phone.request();
    world.clock.run(400_000);
    for (let at = 0; at < 50; at += 1) expect((await world.send(old)).status).toBe(401);
    expect(world.authentication.blocks()).toEqual([]);
    expect((await phone.register()).status).toBe(200);
  });

  it('cannot be blamed on another source: a nonce serves only the network it was given to', async () => {
    const world = createWorld();
    const phone = new RegisteringPhone(world, { password: 'a guess' });
    await phone.register();
    for (let at = 0; at < 50; at += 1) {
      const response = await world.send(phone.request(), from('203.0.113.5'));
      expect(headerValue(response, 'WWW-Authenticate')).toContain('stale=true');
    }
    expect(world.authentication.blocks()).toEqual([]);
  });

  it('RFC 7616 §3.4.5: the same answer is not accepted twice', async () => {
    const world = createWorld();
    const phone = new RegisteringPhone(world);
    await phone.register();
    const request = phone.request();
    expect((await world.send(request)).status).toBe(200);
    const replayed = await world.send(request);
    expect(replayed.status).toBe(401);
    expect(headerValue(replayed, 'WWW-Authenticate')).toContain('stale=true');
  });
});

describe('the true user of an account under attack', () => {
  it('registers from where he was before, while nobody else gets in', async () => {
    const world = createWorld();
    const phone = new RegisteringPhone(world);
    await phone.register();
    for (let at = 1; at <= 4; at += 1) await guess(world, 9, from(`203.0.113.${at}`));
    expect(world.authentication.blocks()).toMatchObject([{ kind: 'user', subject: 'alice' }]);
    expect((await phone.register()).status).toBe(200);
    const moved = new RegisteringPhone(world, { source: from('203.0.113.77') });
    expect((await moved.register()).status).toBe(403);
    expect(
      (await new RegisteringPhone(world, { user: 'bob', source: from('203.0.113.77') }).register()).status,
    ).toBe(200);
  });

  it('registers also where the guesser stands behind the same address', async () => {
    const world = createWorld();
    const phone = new RegisteringPhone(world);
    await phone.register();
    await guess(world, 10, HOME, 'bob');
    expect(await guess(world, 1, HOME, 'bob')).toEqual([403]);
    expect((await new RegisteringPhone(world, { callId: 'after a reboot' }).register()).status).toBe(200);
  });

  it('loses that privilege where ten wrong passwords of his own name came from there', async () => {
    const world = createWorld();
    await new RegisteringPhone(world).register();
    await guess(world, 10, HOME);
    expect((await new RegisteringPhone(world).register()).status).toBe(403);
  });

  it('keeps it over a restart by his bindings, and is let in by the operator in any case', async () => {
    const world = createWorld();
    await guess(world, 10, HOME, 'bob');
    expect((await new RegisteringPhone(world).register()).status).toBe(403);
    world.authentication.prove('alice', HOME.address);
    expect((await new RegisteringPhone(world).register()).status).toBe(200);
    expect(world.authentication.lift('source', HOME.address)).toBe(true);
    expect(world.authentication.lift('source', HOME.address)).toBe(false);
    expect(world.authentication.blocks()).toEqual([]);
    expect((await new RegisteringPhone(world, { user: 'bob' }).register()).status).toBe(200);
  });
});

describe('what is offered', () => {
  const offered = async (world: World, userAgent?: string) => {
    const phone = new RegisteringPhone(world, userAgent === undefined ? {} : { userAgent });
    const values = headerValues(await world.send(phone.request()), 'WWW-Authenticate').join();
    return [...values.matchAll(/algorithm=([\w-]+)/g)].map((match) => match[1]);
  };

  it.each([
    ['baresip v1.0.0 (x86_64/linux)', ['MD5']],
    ['SIPp', ['MD5']],
    ['baresip v3.5.0 (x86_64/Linux)', ['SHA-256', 'MD5']],
    ['Linphone/5.1', ['SHA-256', 'MD5']],
    [undefined, ['SHA-256', 'MD5']],
  ])('to %s is %s', async (userAgent, algorithms) => {
    expect(await offered(createWorld(), userAgent)).toEqual(algorithms);
  });

  it('is what the service is set to, and no other algorithm is accepted', async () => {
    const world = createWorld({ algorithms: ['SHA-256'] });
    expect(await offered(world, 'SIPp')).toEqual(['SHA-256']);
    expect((await new RegisteringPhone(world).register()).status).toBe(200);
    const md5 = `Digest username="alice", realm="omnidial.example", nonce="n", uri="sip:x", response="${'0'.repeat(32)}"`;
    const response = await world.send(new RegisteringPhone(world).request({ Authorization: md5 }));
    expect(headerValue(response, 'WWW-Authenticate')).not.toContain('stale');
  });
});
