import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BINDING_LIMITS,
  type Binding,
  type BindingCommand,
  type BindingFlow,
  type ContactWish,
  updateBindings,
} from './index.ts';

const NOW = 1_000_000;
const FLOW: BindingFlow = { transport: 'udp', address: '192.0.2.1', port: 5060 };
const sameContact = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

const wish = (contact: string, more: Partial<ContactWish> = {}): ContactWish => ({
  contact,
  priority: 1000,
  ...more,
});
const command = (
  contacts: BindingCommand['contacts'],
  more: Partial<BindingCommand> = {},
): BindingCommand => ({
  callId: 'call-1',
  cseq: 1,
  flow: FLOW,
  contacts,
  removes: false,
  ...more,
});
const binding = (contact: string, more: Partial<Binding> = {}): Binding => ({
  contact,
  flow: FLOW,
  callId: 'call-1',
  cseq: 1,
  priority: 1000,
  expiresAtMs: NOW + 600_000,
  ...more,
});
const update = (current: readonly Binding[], wanted: BindingCommand, nowMs = NOW) =>
  updateBindings(current, wanted, nowMs, BINDING_LIMITS, sameContact);
const accepted = (current: readonly Binding[], wanted: BindingCommand, nowMs = NOW) => {
  const result = update(current, wanted, nowMs);
  if (!result.ok) throw new Error(result.refusal.detail);
  return result.value;
};
const contactsOf = (bindings: readonly Binding[]) => bindings.map(({ contact }) => contact);

describe('a registration', () => {
  it('RFC 3261 §10.3: binds a contact for as long as the phone wishes, or the default, or the limit', () => {
    const wanted = command([
      wish('sip:a', { expiresS: 120 }),
      wish('sip:b'),
      wish('sip:c', { expiresS: 9e9 }),
    ]);
    const { bindings, change } = accepted([], wanted);
    expect(bindings.map(({ expiresAtMs }) => expiresAtMs - NOW)).toEqual([120_000, 3_600_000, 3_600_000]);
    expect(bindings[0]).toEqual(binding('sip:a', { expiresAtMs: NOW + 120_000 }));
    expect(change).toBe('changed');
  });

  it('RFC 3261 §10.2.3: without a contact asks how things stand, and expired bindings are not among them', () => {
    const current = [binding('sip:a'), binding('sip:b', { expiresAtMs: NOW })];
    expect(accepted(current, command([]))).toEqual({ bindings: [current[0]], change: 'none' });
  });

  it('RFC 3261 §20.23: refuses a time below the limit, and binds none of its contacts', () => {
    const result = update([binding('sip:a')], command([wish('sip:b'), wish('sip:c', { expiresS: 59 })]));
    expect(result).toMatchObject({ ok: false, refusal: { code: 'binding-interval-too-brief' } });
  });

  it('RFC 3261 §10.3: with the same contact and Call-ID and a higher CSeq only makes it last longer', () => {
    const current = [binding('sip:a'), binding('sip:b')];
    const { bindings, change } = accepted(current, command([wish('SIP:A')], { cseq: 2 }));
    expect(contactsOf(bindings)).toEqual(['SIP:A', 'sip:b']);
    expect(change).toBe('changed');
    expect(accepted(current, command([wish('sip:a')], { cseq: 2 })).change).toBe('refreshed');
  });

  it('is more than a refresh where it comes from elsewhere, is cut short, or ranks otherwise', () => {
    const current = [binding('sip:a')];
    const changes = [
      command([wish('sip:a')], { cseq: 2, flow: { ...FLOW, port: 5062 } }),
      command([wish('sip:a', { expiresS: 60 })], { cseq: 2 }),
      command([wish('sip:a', { priority: 500 })], { cseq: 2 }),
    ].map((wanted) => accepted(current, wanted).change);
    expect(changes).toEqual(['changed', 'changed', 'changed']);
  });

  it('comes through after a reboot: a new Call-ID with a lower CSeq takes the contact over', () => {
    const { bindings } = accepted(
      [binding('sip:a', { cseq: 9 })],
      command([wish('sip:a')], { callId: 'call-2' }),
    );
    expect(bindings).toEqual([binding('sip:a', { callId: 'call-2', expiresAtMs: NOW + 3_600_000 })]);
  });

  it.each([1, 2])(
    'RFC 3261 §10.3: with CSeq %i after 2 of the same Call-ID is aborted as a whole',
    (cseq) => {
      const current = [binding('sip:a', { cseq: 2 })];
      for (const contacts of [[wish('sip:b'), wish('sip:a')], [wish('sip:a', { expiresS: 0 })]]) {
        expect(update(current, command(contacts, { cseq }))).toMatchObject({
          ok: false,
          refusal: { code: 'binding-out-of-order' },
        });
      }
    },
  );

  it('takes the last wish where a request names a contact twice', () => {
    const { bindings } = accepted([], command([wish('sip:a'), wish('sip:a', { priority: 1 })]));
    expect(bindings.map(({ priority }) => priority)).toEqual([1]);
  });

  it('is refused beyond ten phones, unless it takes the place of one', () => {
    const ten = Array.from({ length: 10 }, (_, at) => binding(`sip:${at}`));
    expect(update(ten, command([wish('sip:a')], { cseq: 2 }))).toMatchObject({
      ok: false,
      refusal: { code: 'too-many-bindings' },
    });
    const swap = command([wish('sip:a'), wish('sip:3', { expiresS: 0 })], { cseq: 2 });
    expect(accepted(ten, swap).bindings).toHaveLength(10);
    expect(accepted(ten, command([wish('sip:a')], { cseq: 2 }), NOW + 600_000).bindings).toHaveLength(1);
  });
});

describe('a removal', () => {
  it('RFC 3261 §10.2.2: takes its contact and leaves the others; an unknown one is no error', () => {
    const current = [binding('sip:a'), binding('sip:b')];
    const wanted = command([wish('sip:a', { expiresS: 0 }), wish('sip:x', { expiresS: 0 })], { cseq: 2 });
    expect(accepted(current, wanted)).toEqual({ bindings: [current[1]], change: 'changed' });
  });

  it('RFC 3261 §10.3: by * takes all, whatever their Call-ID', () => {
    const current = [binding('sip:a'), binding('sip:b', { callId: 'call-2', cseq: 9 })];
    expect(accepted(current, command('all', { cseq: 2, removes: true })).bindings).toEqual([]);
  });

  it('RFC 3261 §10.3: by * needs Expires: 0, and a CSeq that is higher', () => {
    const current = [binding('sip:b', { callId: 'call-2' }), binding('sip:a')];
    expect(update(current, command('all', { cseq: 2 }))).toMatchObject({
      refusal: { code: 'binding-wildcard-malformed' },
    });
    expect(update(current, command('all', { removes: true }))).toMatchObject({
      refusal: { code: 'binding-out-of-order' },
    });
  });
});

describe('a device that says which it is', () => {
  const instance = '<urn:uuid:1>';

  it('RFC 5626 §4.1: replaces its own older contact and nobody else’s', () => {
    const current = [
      binding('sip:old', { instance }),
      binding('sip:other', { instance: '<urn:uuid:2>' }),
      binding('sip:plain'),
    ];
    const { bindings } = accepted(current, command([wish('sip:new', { instance })], { callId: 'call-9' }));
    expect(contactsOf(bindings)).toEqual(['sip:new', 'sip:other', 'sip:plain']);
  });

  it('may bind two contacts at once, and take the old one back after it gave the new one', () => {
    const both = command([wish('sip:a', { instance }), wish('sip:b', { instance })]);
    expect(contactsOf(accepted([], both).bindings)).toEqual(['sip:a', 'sip:b']);
    const late = command([wish('sip:old', { instance, expiresS: 0 })], { cseq: 3 });
    expect(contactsOf(accepted([binding('sip:new', { instance, cseq: 2 })], late).bindings)).toEqual([
      'sip:new',
    ]);
  });
});

describe('any sequence of registrations', () => {
  const anyWish = fc.record(
    {
      contact: fc.constantFrom('sip:a', 'SIP:a', 'sip:b', 'sip:c', 'sip:d'),
      priority: fc.constantFrom(0, 500, 1000),
      expiresS: fc.constantFrom(0, 10, 60, 600, 10_000),
      instance: fc.constantFrom('<urn:uuid:1>', '<urn:uuid:2>'),
    },
    { requiredKeys: ['contact', 'priority'] },
  );
  const anyCommand = fc.record({
    callId: fc.constantFrom('call-1', 'call-2'),
    cseq: fc.nat(6),
    flow: fc.constant(FLOW),
    contacts: fc.oneof(fc.constant('all' as const), fc.array(anyWish, { maxLength: 4 })),
    removes: fc.boolean(),
  });
  const limits = { ...BINDING_LIMITS, maxBindings: 3 };

  it('keeps one binding a URI, none expired, none beyond the limits, and changes nothing where it refuses', () => {
    const steps = fc.array(fc.record({ wanted: anyCommand, afterMs: fc.nat(400_000) }), { maxLength: 20 });
    fc.assert(
      fc.property(steps, (all) => {
        let bindings: readonly Binding[] = [];
        let nowMs = NOW;
        for (const { wanted, afterMs } of all) {
          nowMs += afterMs;
          const before = structuredClone(bindings);
          const result = updateBindings(bindings, wanted, nowMs, limits, sameContact);
          expect(bindings).toEqual(before);
          if (!result.ok) continue;
          bindings = result.value.bindings;
          const uris = bindings.map(({ contact }) => contact.toLowerCase());
          expect(new Set(uris).size).toBe(uris.length);
          expect(bindings.length).toBeLessThanOrEqual(limits.maxBindings);
          for (const { expiresAtMs } of bindings) {
            expect(expiresAtMs).toBeGreaterThan(nowMs);
            expect(expiresAtMs).toBeLessThanOrEqual(nowMs + limits.maxExpiresS * 1000);
          }
          if (result.value.change === 'refreshed')
            expect(uris).toEqual(
              before.filter((each) => each.expiresAtMs > nowMs).map(({ contact }) => contact.toLowerCase()),
            );
          if (wanted.contacts === 'all') expect(bindings).toEqual([]);
        }
      }),
    );
  });
});
