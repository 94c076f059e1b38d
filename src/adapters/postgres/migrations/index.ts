import type { Migration } from 'kysely/migration';
import * as registrationsAndCallRecords from './0001-registrations-and-call-records.ts';
import * as signIn from './0020-sign-in.ts';

/** Every change of the tables, in the order of its number; one that was released is never changed again. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-registrations-and-call-records': registrationsAndCallRecords,
  '0020-sign-in': signIn,
};
