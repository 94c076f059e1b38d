import { systemClock } from '../../../src/adapters/clock/index.ts';
import { createIdentifiers, systemHash, systemRandomness } from '../../../src/adapters/entropy/index.ts';
import { createMarketAndMemberStores, openDatabase } from '../../../src/adapters/postgres/index.ts';
import { createAccount } from '../../../src/services/create-account.ts';
import { createApiKey } from '../../../src/services/create-api-key.ts';

const OPERATOR = 'operator-of-the-test';

/**
 * Makes an operator in the database of a data folder before the service is started on it, since the API lets only
 * operators make operators. @returns the API key
 */
export async function makeFirstOperator(dataFolder: string): Promise<string> {
  const database = await openDatabase({ folder: dataFolder }, { warn: () => {} });
  try {
    const ports = {
      ...createMarketAndMemberStores(database.kysely),
      clock: systemClock,
      hash: systemHash,
      identifiers: createIdentifiers(systemClock, systemRandomness),
      randomness: systemRandomness,
    };
    const account = await createAccount(ports, {
      actor: { role: 'service' },
      userId: OPERATOR,
      role: 'operator',
    });
    if (!account.ok) throw new Error(account.refusal.detail);
    const made = await createApiKey(ports, {
      actor: { role: 'operator', userId: OPERATOR },
      name: 'test',
    });
    if (!made.ok) throw new Error(made.refusal.detail);
    return made.value.key;
  } finally {
    await database.close();
  }
}
