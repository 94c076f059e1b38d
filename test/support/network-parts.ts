import type { Centre, CentreCode, Trunk } from '../../src/domain/centres/index.ts';
import { countryCodeOf } from '../../src/domain/numbering/index.ts';
import type { ReachedGateway } from '../../src/services/ports/index.ts';

const KR = countryCodeOf('KR');

/** An open centre of ours in Korea, as far as nothing else is said. */
export function centreOf(code: string, more: Partial<Centre> = {}): Centre {
  return {
    code: code as CentreCode,
    name: code,
    countries: [KR],
    run: { kind: 'own' },
    state: 'open',
    capacityCalls: 10,
    languages: ['en'],
    priority: 10,
    weight: 1,
    accessNumbers: [],
    ...more,
  };
}

/** An open carrier of the centre KR that takes numbers as E.164, as far as nothing else is said. */
export function trunkOf(name: string, more: Partial<Trunk> = {}): Trunk {
  const asIs = { form: 'e164' as const, rules: [] };
  return {
    name,
    kind: 'carrier',
    centre: 'KR' as CentreCode,
    state: 'open',
    gateways: [{ host: '192.0.2.1', transport: 'udp', priority: 0, weight: 1 }],
    channels: 5,
    numbers: { country: KR, called: asIs, calling: asIs, inboundCalled: [], inboundCalling: [] },
    codecs: [],
    silenceMs: 4_000,
    ringMs: 60_000,
    trusted: false,
    tryNextAfter404: true,
    portability: false,
    ...more,
  };
}

/** A gateway at an address, as the lines of trunks give it. */
export function reachedAt(host: string): ReachedGateway {
  return {
    gateway: { host, transport: 'udp', priority: 0, weight: 1 },
    hops: [{ transport: 'udp', address: host, port: 5060 }],
  };
}
