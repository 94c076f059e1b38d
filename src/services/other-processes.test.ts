import { describe, expect, it } from 'vitest';
import { trunkOf } from '../../test/support/network-parts.ts';
import { type OtherProcesses, speaksWith, waysByOthers, waysToTerminal } from './other-processes.ts';
import type { LiveProcess } from './ports/index.ts';

const KT = trunkOf('kt');
const PARTY = { kind: 'trunk', trunk: 'kt', gateway: 'centre KR', centre: 'KR', number: '119' } as const;

function others(live: readonly LiveProcess[], serving: readonly string[] = []): OtherProcesses {
  return {
    processes: {
      self: 'here',
      find: (id) => live.find((each) => each.id === id),
      hosting: (centre) => live.filter(({ centres }) => centres?.includes(centre) ?? true),
    },
    serving: { of: () => new Set(serving) },
  };
}

const processOf = (id: string, address: string, centres?: readonly string[]): LiveProcess => ({
  id,
  address,
  isDraining: false,
  ...(centres === undefined ? {} : { centres }),
});

describe('R13: a terminal that other processes serve', () => {
  it('is asked for of each of them', () => {
    const live = [processOf('there', '127.0.0.1:5070'), processOf('too', '[::1]:5080')];
    const errand = { kind: 'terminal', terminalId: 'desk' };
    expect(waysToTerminal(others(live, ['there', 'too']), 'desk')).toEqual([
      {
        kind: 'process',
        processId: 'there',
        hops: [{ transport: 'udp', address: '127.0.0.1', port: 5070 }],
        errand,
      },
      { kind: 'process', processId: 'too', hops: [{ transport: 'udp', address: '::1', port: 5080 }], errand },
    ]);
  });

  it.each([
    ['is gone', 'nobody'],
    ['says no address', 'mute'],
  ])('is not asked for of a process that %s', (_, id) => {
    expect(waysToTerminal(others([processOf('mute', '')], [id]), 'desk')).toEqual([]);
  });
});

describe('R1: a trunk of another centre', () => {
  it.each<[string, readonly LiveProcess[], boolean]>([
    ['hosts its centre', [processOf('here', '127.0.0.1:1', ['US', 'KR'])], true],
    ['hosts all centres', [processOf('here', '127.0.0.1:1')], true],
    ['hosts others', [processOf('here', '127.0.0.1:1', ['US'])], false],
    ['has not said so yet', [], true],
  ])('is spoken with by a process that %s', (_, live, speaks) => {
    expect(speaksWith(others(live), KT)).toBe(speaks);
  });

  const live = [
    processOf('here', '127.0.0.1:5060', ['KR']),
    processOf('there', '127.0.0.1:5070', ['KR']),
    processOf('abroad', '127.0.0.1:5080', ['US']),
  ];

  it('is asked for of the others that host it, and never of this one', () => {
    const ways = waysByOthers(
      others(live),
      KT,
      { called: '0262006200', calling: '0212345678', isEmergency: false },
      PARTY,
    );
    expect(ways).toEqual([
      {
        way: {
          kind: 'process',
          processId: 'there',
          hops: [{ transport: 'udp', address: '127.0.0.1', port: 5070 }],
          errand: { kind: 'trunk', trunk: 'kt', called: '0262006200', calling: '0212345678' },
        },
        party: PARTY,
        asksNextAfter404: true,
      },
    ]);
  });

  it('is told of a call for help, and of no number where none may be shown', () => {
    const [{ way } = {}] = waysByOthers(others(live), KT, { called: '119', isEmergency: true }, PARTY);
    expect(way).toMatchObject({ errand: { kind: 'trunk', trunk: 'kt', called: '119', isEmergency: true } });
    expect(way).not.toHaveProperty('errand.calling');
  });
});
