import { describe, expect, it } from 'vitest';
import { parseMessage } from '../../src/protocols/sip/message/index.ts';
import { CallWorld } from '../support/flows/call-world.ts';
import type { LivingPhone } from '../support/flows/living-phone.ts';
import { expectNothingLeft } from '../support/flows/nothing-left.ts';
import type { Packet } from '../support/memory-network.ts';

const [BOB, CAROL] = ['0262006200082', '0262006201082'];

type Cast = { readonly alice: LivingPhone; readonly bob: LivingPhone; readonly carol: LivingPhone };
type Ladder = readonly ((cast: Cast) => void)[];

const rings: Ladder = [({ alice }) => alice.dial(BOB)];
const talks: Ladder = [...rings, ({ bob }) => bob.live[0]?.answer()];
const consults: Ladder = [...talks, ({ alice }) => alice.dial(CAROL), ({ carol }) => carol.live[0]?.answer()];

/** Every ladder of calls: what the phones do, a second apart. */
const LADDERS: Readonly<Record<string, Ladder>> = {
  'the caller hangs up': [...talks, ({ alice }) => alice.live[0]?.hangUp()],
  'the callee hangs up': [...talks, ({ bob }) => bob.live[0]?.hangUp()],
  'the caller gives up': [...rings, ({ alice }) => alice.live[0]?.hangUp()],
  'the callee declines': [...rings, ({ bob }) => bob.live[0]?.hangUp()],
  'nobody answers': rings,
  'the caller holds': [
    ...talks,
    ({ alice }) => alice.live[0]?.change(),
    ({ bob }) => bob.live[0]?.change(),
    ({ bob }) => bob.live[0]?.hangUp(),
  ],
  'a blind transfer': [
    ...talks,
    ({ alice }) => alice.live[0]?.transfer(`<sip:${CAROL}@omnidial.example>`),
    ({ carol }) => carol.live[0]?.answer(),
    ({ bob }) => bob.live[0]?.hangUp(),
  ],
  'a blind transfer that is declined': [
    ...talks,
    ({ bob }) => bob.live[0]?.transfer(`<sip:${CAROL}@omnidial.example>`),
    ({ carol }) => carol.live[0]?.hangUp(),
    ({ bob }) => bob.live[0]?.hangUp(),
  ],
  'an attended transfer': [
    ...consults,
    ({ alice }) => {
      const [first, second] = alice.live;
      const replaces = encodeURIComponent(second?.replaces ?? '');
      first?.transfer(`<sip:${CAROL}@omnidial.example?Replaces=${replaces}>`);
    },
    ({ carol }) => carol.live[0]?.hangUp(),
    // Where the transfer came to nothing, two of them are talking still.
    ({ alice }) => alice.live[0]?.hangUp(),
  ],
};

/** What tells a message from another, however often it is sent. */
function nameOf({ from, to, bytes }: Packet): string {
  const message = parseMessage(bytes);
  if (!message.ok) return 'garbage';
  const { kind, headers } = message.value;
  const value = (name: string) => headers.find((field) => field.name === name)?.value ?? '';
  const what = kind === 'request' ? message.value.method : message.value.status;
  return `${from.address} ${to.address} ${what} ${value('CSeq')} ${value('Call-ID')} ${value('To')}`;
}

/** Plays a ladder to its end, and well beyond every timer. */
function play(ladder: Ladder, spoil: (world: CallWorld) => void): CallWorld {
  const world = new CallWorld({ [BOB]: ['bob'], [CAROL]: ['carol'] }, { intervalSeconds: 200 });
  const cast = { alice: world.living('alice'), bob: world.living('bob'), carol: world.living('carol') };
  spoil(world);
  for (const act of ladder) {
    act(cast);
    world.pass(1_000);
  }
  // Longer than the session timer and two transactions: whoever was not told has noticed.
  world.pass(400_000);
  const names = Object.values(cast).filter(({ live }) => live.length > 0);
  expect(names.map(({ name, live }) => [name, live.map(({ state }) => state)])).toEqual([]);
  expectNothingLeft(world);
  return world;
}

describe.each(Object.keys(LADDERS))('%s', (name) => {
  const ladder = LADDERS[name] ?? [];
  const messages = [...new Set(play(ladder, () => {}).network.packets.map(nameOf))];

  it('leaves nothing behind', () => {
    expect(messages.length).toBeGreaterThan(5);
  });

  it('RFC 3261 §17: ends everywhere though one message is lost, however often it is sent', () => {
    for (const lost of messages) {
      play(ladder, (world) => {
        world.network.loses = (packet) => nameOf(packet) === lost;
      });
    }
  });

  it('RFC 3261 §17: ends everywhere though one message is lost the first time', () => {
    for (const lost of messages) {
      let isLost = false;
      play(ladder, (world) => {
        world.network.loses = (packet) => {
          if (isLost || nameOf(packet) !== lost) return false;
          isLost = true;
          return true;
        };
      });
    }
  });

  it('RFC 3261 §18.4: ends everywhere though one message cannot be sent', () => {
    for (const lost of messages) {
      play(ladder, (world) => {
        world.network.fails = (packet) => nameOf(packet) === lost;
      });
    }
  });
});
