import { CarrierTable, CentreNetwork, type Gateway, type Trunk } from '../../../src/domain/centres/index.ts';
import { trunkOf } from '../network-parts.ts';

/** A trunk of the Korean centre to a carrier, without a gateway; a test says what is special about it. */
export function trunkNamed(name: string, special: Partial<Trunk> = {}): Trunk {
  const usual = { gateways: [], channels: 10, silenceMs: 2_000, tryNextAfter404: false };
  return trunkOf(name, { ...usual, ...special });
}

export function gatewayAt(host: string, port: number, special: Partial<Gateway> = {}): Gateway {
  return { host, port, transport: 'udp', priority: 1, weight: 1, ...special };
}

/** A network of these trunks and nothing else. */
export function networkOf(...trunks: readonly Trunk[]): CentreNetwork {
  return new CentreNetwork({ centres: [], trunks, operators: [] }, new CarrierTable());
}
