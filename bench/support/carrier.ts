import {
  type Api,
  expectSoundLedger,
  giveCredit,
  publishTariff,
  setUpNetwork,
  standingOf,
} from '../../test/support/service/index.ts';
import { credentials } from '../../test/support/sipp/index.ts';
import type { Subscriber } from './subscribers.ts';

/** A won a second to who calls, and half of it to the carrier. */
const PLAN = ['82,Korea,60,1/1,open'];
const ROUTES = ['82,30,KRW,1,1'];

const CREDIT_WON = 1_000_000_000;

/** Sets up a carrier of Korea at a port of loopback, to which all calls go that nobody here takes. */
export async function setUpCarrier(api: Api, port: number): Promise<void> {
  await setUpNetwork(
    api,
    {
      centres: { KR: { name: 'Seoul', countries: ['KR'], capacity: 100_000 } },
      trunks: {
        kt: {
          kind: 'carrier',
          centre: 'KR',
          gateways: [{ host: '127.0.0.1', port }],
          channels: 100_000,
          numbers: { country: 'KR', called: { form: 'national' } },
        },
      },
    },
    { kt: ROUTES },
  );
}

/** Has every call of these callers charged, each out of a credit that does not end. */
export async function setUpCharging(api: Api, callers: readonly Subscriber[]): Promise<void> {
  await publishTariff(api, 'retail-kr', 'retail', PLAN);
  await api.put('/v1/charging', { charging: { defaultPlan: 'retail-kr' } });
  for (const { memberId } of callers) await giveCredit(api, memberId, CREDIT_WON);
}

/** The rows of the scenario `caller-with-digest`: each caller calls a telephone behind the carrier. */
export function outwardRows(callers: readonly Subscriber[]): string[][] {
  return callers.map(({ terminal: { user, password } }, index) => [
    user,
    credentials(user, password),
    `0231${100_000 + index}`.slice(0, 9),
  ]);
}

/** How many won calls brought, and that the ledger adds up. */
export async function wonEarned(api: Api): Promise<number> {
  await expectSoundLedger(api);
  return standingOf(api, 'call-revenue');
}
