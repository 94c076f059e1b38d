import type { Migration } from 'kysely/migration';
import * as registrationsAndCallRecords from './0001-registrations-and-call-records.ts';
import * as members from './0010-members.ts';
import * as market from './0011-market.ts';
import * as idempotentAnswers from './0012-idempotent-answers.ts';
import * as signIn from './0020-sign-in.ts';
import * as centres from './0030-centres.ts';
import * as processes from './0035-processes.ts';
import * as aliases from './0040-aliases.ts';
import * as partiesOfCalls from './0060-parties-of-calls.ts';
import * as tariffs from './0070-tariffs.ts';
import * as charging from './0071-charging.ts';
import * as ledger from './0072-ledger.ts';
import * as charges from './0073-charges.ts';
import * as paymentsAndBills from './0074-payments-and-bills.ts';
import * as settlements from './0075-settlements.ts';
import * as webhooks from './0076-webhooks.ts';
import * as documents from './0078-documents.ts';
import * as renewals from './0079-renewals.ts';
import * as callTaxes from './0080-call-taxes.ts';

/** Every change of the tables, in the order of its number; one that was released is never changed again. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-registrations-and-call-records': registrationsAndCallRecords,
  '0010-members': members,
  '0011-market': market,
  '0012-idempotent-answers': idempotentAnswers,
  '0020-sign-in': signIn,
  '0030-centres': centres,
  '0035-processes': processes,
  '0040-aliases': aliases,
  '0060-parties-of-calls': partiesOfCalls,
  '0070-tariffs': tariffs,
  '0071-charging': charging,
  '0072-ledger': ledger,
  '0073-charges': charges,
  '0074-payments-and-bills': paymentsAndBills,
  '0075-settlements': settlements,
  '0076-webhooks': webhooks,
  '0078-documents': documents,
  '0079-renewals': renewals,
  '0080-call-taxes': callTaxes,
};
