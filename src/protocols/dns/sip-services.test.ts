import { describe, expect, it } from 'vitest';
import { inNaptrOrder, type Naptr, sipServices, srvNames } from './sip-services.ts';

function naptr(service: string, more: Partial<Naptr> = {}): Naptr {
  const name = `_x.${service.toLowerCase().replace('+', '-')}.acme.example`;
  return { order: 50, preference: 50, flags: 's', service, regexp: '', replacement: name, ...more };
}

const transportsOf = (...records: Naptr[]) => sipServices(records).map(({ transport }) => transport);

describe('RFC 3263 §4.1: how a domain is served', () => {
  it('by the records in the order that the domain wants', () => {
    const example = [
      naptr('SIPS+D2T', { replacement: '_sips._tcp.example.com' }),
      naptr('SIP+D2T', { order: 90, replacement: '_sip._tcp.example.com' }),
      naptr('SIP+D2U', { order: 100, replacement: '_sip._udp.example.com' }),
    ];
    expect(sipServices(example.toReversed())).toEqual([
      { transport: 'tls', name: '_sips._tcp.example.com' },
      { transport: 'tcp', name: '_sip._tcp.example.com' },
      { transport: 'udp', name: '_sip._udp.example.com' },
    ]);
  });

  it('RFC 3403 §4.1: by preference where the order is the same, and a low order before any preference', () => {
    expect(
      transportsOf(
        naptr('SIP+D2U', { preference: 20 }),
        naptr('SIP+D2T', { preference: 10 }),
        naptr('SIPS+D2T', { order: 40, preference: 99 }),
      ),
    ).toEqual(['tls', 'tcp', 'udp']);
  });

  it.each([
    ['over a transport that is not known', naptr('SIP+D2S')],
    ['by another protocol', naptr('E2U+sip')],
    ['with a name of a record that is not said', naptr('SIP+D2U', { replacement: '' })],
    ['by further records', naptr('SIP+D2U', { flags: '' })],
    ['by a URI', naptr('SIP+D2U', { flags: 'u' })],
  ])('not %s', (_, record) => {
    expect(transportsOf(record, naptr('SIP+D2T'))).toEqual(['tcp']);
  });

  it('whatever the case of its letters', () => {
    expect(transportsOf(naptr('sip+d2u', { flags: 'S' }))).toEqual(['udp']);
  });

  it('without records by the names that servers of it would have', () => {
    expect(srvNames('acme.example', false)).toEqual([
      { transport: 'udp', name: '_sip._udp.acme.example' },
      { transport: 'tcp', name: '_sip._tcp.acme.example' },
    ]);
    expect(srvNames('acme.example', true)).toEqual([{ transport: 'tls', name: '_sips._tcp.acme.example' }]);
  });

  it('and no flood of records makes a flood of questions', () => {
    const many = Array.from({ length: 1_000 }, (_, order) => naptr('SIP+D2U', { order }));
    expect(sipServices(many)).toHaveLength(6);
  });

  it('and what was answered stays as it was', () => {
    const records = [naptr('SIP+D2U', { order: 2 }), naptr('SIP+D2T', { order: 1 })];
    inNaptrOrder(records);
    expect(records.map(({ order }) => order)).toEqual([2, 1]);
  });
});
