import { describe, expect, it } from 'vitest';
import type { SipRequest } from '../../src/protocols/sip/message/index.ts';
import { CallWorld, type CallWorldOptions } from '../support/flows/call-world.ts';
import { expectNothingLeft } from '../support/flows/nothing-left.ts';
import { bodyOf, header, methods, type TestPhone } from '../support/flows/test-phone.ts';

const PIN = '0262006200082';
const LOCAL = '0262006200083';

type World = { here: CallWorld; there: CallWorld; alice: TestPhone; bob: TestPhone };

/** Alice is registered at one process, Bob at another. */
function dialling(options: CallWorldOptions = {}, looksUp = false): World {
  const there = new CallWorld({});
  const here = new CallWorld(
    { [LOCAL]: ['carol'] },
    { beside: there, elsewhere: { [PIN]: ['bob'] }, ...options },
  );
  there.looksUpErrands = looksUp;
  const all = { here, there, alice: here.phone('alice'), bob: there.phone('bob') };
  all.alice.dial(PIN, 'offer of alice');
  here.pass();
  return all;
}

function nothingLeft({ here, there }: World): void {
  expectNothingLeft(here);
  expectNothingLeft(there);
  expect(there.kept).toEqual([]);
}

/** The INVITE with which one process asked the other. */
function asked({ here, there }: World): SipRequest {
  const packet = here.network.packets.find(
    ({ from, to }) => from.address === here.exchange.address && to.address === there.exchange.address,
  );
  const text = packet?.bytes.toString() ?? '';
  const value = (name: string) => new RegExp(`^${name}: (.*)\r$`, 'm').exec(text)?.[1] ?? '';
  return {
    kind: 'request',
    method: 'INVITE',
    uri: '',
    headers: ['Omnidial-Errand', 'Call-ID'].map((name) => ({ name, value: value(name) })),
    body: new Uint8Array(0),
  };
}

describe('R13: a phone that is registered at another process', () => {
  it.each([['directly', {}] as const, ['by a relay', { relay: 'at-once' }] as const])(
    'rings, answers, and the one record is of the process that was dialled at: %s',
    (_, options) => {
      const all = dialling(options);
      const { here, alice, bob } = all;
      expect(bodyOf(bob.incoming.request)).toContain('offer of alice');
      expect(header(bob.incoming.request, 'Omnidial-Errand')).toBe('');
      bob.respond(180);
      bob.respond(200, 'answer of bob');
      here.pass();
      expect(alice.statuses.filter((status) => status > 100)).toEqual([180, 200]);
      bob.within('INVITE', 'hold of bob');
      here.pass();
      alice.respond(200, 'held by alice');
      here.pass();
      bob.hangUp();
      here.pass();
      expect(methods(alice).at(-1)).toBe('BYE');
      expect(here.records()).toMatchObject([{ status: 'completed', hungUpBy: 'callee' }]);
      nothingLeft(all);
    },
  );

  it('is cancelled with the call', () => {
    const all = dialling();
    all.bob.respond(180);
    all.here.pass();
    all.alice.giveUp();
    all.here.pass();
    expect(all.alice.statuses.at(-1)).toBe(487);
    expect(all.here.ladder()).toContain('exchange > 192.0.2.100 CANCEL');
    expect(all.here.records()).toMatchObject([{ status: 'cancelled' }]);
    nothingLeft(all);
  });

  it('is cancelled with the call also while the other process looks up where it is', async () => {
    const all = dialling({}, true);
    all.here.pass(300);
    expect(methods(all.bob)).toEqual([]);
    all.alice.giveUp();
    all.here.pass();
    await all.here.passWithVoices(500);
    expect(all.alice.statuses.at(-1)).toBe(487);
    expect(all.there.ladder()).toContain('exchange > bob CANCEL');
    nothingLeft(all);
  });

  it.each([486, 603, 480])('refuses with %s, and the caller is told so', (status) => {
    const all = dialling();
    all.bob.respond(status);
    all.here.pass();
    expect(all.alice.statuses.at(-1)).toBe(status);
    nothingLeft(all);
  });

  it('is not there where its process has died, and the caller hears of it within seconds', () => {
    const there = new CallWorld({});
    const here = new CallWorld({}, { beside: there, elsewhere: { [PIN]: ['bob'] } });
    there.network.loses = ({ to }) => to.address === there.exchange.address;
    const alice = here.phone('alice');
    alice.dial(PIN, 'offer of alice');
    here.pass(2_000);
    expect(alice.statuses.at(-1)).toBe(503);
    expectNothingLeft(here);
  });

  it('is rung by no stranger: not by a header that is forged, of another call, or old', () => {
    const all = dialling();
    const { there, bob } = all;
    const mallory = there.phone('mallory');
    const { headers } = asked(all);
    const errand = headers[0]?.value ?? '';
    expect(errand.length).toBeGreaterThan(50);
    for (const value of [errand, `${errand}x`, 'x', ';', `${errand.split(';')[0]};1.x`]) {
      mallory.dial(PIN, 'offer of mallory', [{ name: 'Omnidial-Errand', value }]);
      there.pass();
      expect(mallory.statuses.at(-1)).toBe(403);
    }
    expect(methods(bob)).toEqual(['INVITE']);
    all.alice.giveUp();
    nothingLeft(all);
  });
});
