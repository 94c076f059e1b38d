import {
  CarrierTable,
  type CentreCode,
  CentreNetwork,
  type Gateway,
  type Trunk,
} from '../../../src/domain/centres/index.ts';
import type { CountryCode } from '../../../src/domain/numbering/index.ts';

/** A trunk of the Korean centre to a carrier; a test says what is special about it. */
export function trunkNamed(name: string, special: Partial<Trunk> = {}): Trunk {
  return {
    name,
    kind: 'carrier',
    centre: 'KR' as CentreCode,
    state: 'open',
    gateways: [],
    channels: 10,
    numbers: {
      country: '082' as CountryCode,
      called: { form: 'e164', rules: [] },
      calling: { form: 'e164', rules: [] },
      inboundCalled: [],
      inboundCalling: [],
    },
    codecs: [],
    silenceMs: 2_000,
    ringMs: 60_000,
    trusted: false,
    tryNextAfter404: false,
    portability: false,
    ...special,
  };
}

export function gatewayAt(host: string, port: number, special: Partial<Gateway> = {}): Gateway {
  return { host, port, transport: 'udp', priority: 1, weight: 1, ...special };
}

/** A network of these trunks and nothing else. */
export function networkOf(...trunks: readonly Trunk[]): CentreNetwork {
  return new CentreNetwork({ centres: [], trunks, operators: [] }, new CarrierTable());
}
