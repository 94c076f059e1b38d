import { lookupDigits, type Order } from '../domain/market/index.ts';
import type { ServicePorts } from './ports/index.ts';

/** Tells the exchange that a number is in service from now on. */
export function publishAssigned({ bus }: Pick<ServicePorts, 'bus'>, { number, memberId }: Order): void {
  bus.publish({
    kind: 'number-assigned',
    number: { digits: lookupDigits(number), kind: number.kind, memberId },
  });
}

/** Tells the exchange that nobody holds a number any more. */
export function publishReleased({ bus }: Pick<ServicePorts, 'bus'>, { number }: Order): void {
  bus.publish({ kind: 'number-released', digits: lookupDigits(number), numberKind: number.kind });
}
