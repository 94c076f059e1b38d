import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryRegistrationStore } from '../../src/adapters/memory/index.ts';
import type { Binding } from '../../src/domain/terminals/index.ts';
import { headerValues } from '../../src/protocols/sip/message/index.ts';
import { createWorld, RegisteringPhone } from '../support/registration.ts';

const contact = fc.constantFrom(...['a', 'b', 'c'].map((name) => `<sip:${name}@192.0.2.1>`));
const wish = fc
  .tuple(contact, fc.constantFrom('', ';expires=0', ';expires=60', ';expires=3600'))
  .map((parts) => parts.join(''));
const step = fc.record({
  phone: fc.nat(1),
  headers: fc.oneof(
    fc.record({ Contact: fc.uniqueArray(wish, { minLength: 1, maxLength: 3 }) }),
    fc.constant({ Contact: '*', Expires: '0' }),
  ),
  afterMs: fc.constantFrom(0, 500, 5_000, 61_000, 500_000),
  storeIsAway: fc.boolean(),
});

const written = (bindings: readonly Binding[]) => bindings.map((binding) => `<${binding.contact}>`).sort();

describe('a crash at any moment', () => {
  it('R18: finds every binding of the last 200 in the store, and none that was refused or taken back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const kept = createMemoryRegistrationStore();
        let isAway = false;
        const world = createWorld({
          store: {
            load: (nowMs) => kept.load(nowMs),
            save: (changes) => (isAway ? Promise.reject(new Error('away')) : kept.save(changes)),
          },
        });
        const phones = [1, 2].map((call) => new RegisteringPhone(world, { callId: `call-${call}` }));
        for (const { phone, headers, afterMs, storeIsAway } of steps) {
          world.clock.run(world.clock.nowMs() + afterMs);
          const before = written(world.registrations.bindingsOf('terminal-alice', world.clock.nowMs()));
          isAway = storeIsAway;
          const response = await phones[phone]?.register(headers);
          isAway = false;
          const nowMs = world.clock.nowMs();
          const inMemory = written(world.registrations.bindingsOf('terminal-alice', nowMs));
          if (response?.status !== 200) {
            expect(before).toEqual(expect.arrayContaining(inMemory));
            continue;
          }
          const listed = headerValues(response, 'Contact').map((value) => value.replace(/;.*/, ''));
          expect(listed.sort()).toEqual(inMemory);
          const [after] = await kept.load(nowMs);
          expect(written(after?.bindings ?? [])).toEqual(inMemory);
        }
      }),
      { numRuns: 200 },
    );
  });
});
