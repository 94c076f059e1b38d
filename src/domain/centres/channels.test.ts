import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Channels } from './channels.ts';

it('channels are never leaked, never given back twice, and never more than there are', () => {
  const act = fc.oneof(
    fc.record({ kind: fc.constant('take' as const), limit: fc.nat(5) }),
    fc.record({ kind: fc.constant('release' as const), at: fc.nat(20) }),
  );
  fc.assert(
    fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
      const channels = new Channels();
      const taken: { readonly release: () => void; isOpen: boolean }[] = [];
      const open = () => taken.filter(({ isOpen }) => isOpen).length;
      for (const each of acts) {
        if (each.kind === 'take') {
          const release = channels.take(each.limit);
          expect(release === undefined).toBe(open() >= each.limit);
          if (release !== undefined) taken.push({ release, isOpen: true });
        } else {
          const one = taken[each.at];
          if (one === undefined) continue;
          one.release();
          one.isOpen = false;
        }
        expect(channels.inUse).toBe(open());
      }
    }),
  );
});
