import { z } from 'zod';
import { describeSale } from '../../../services/describe-sale.ts';
import { searchNumbers } from '../../../services/search-numbers.ts';
import { definite } from '../definite.ts';
import type { Routes } from '../face.ts';
import { line } from '../line.ts';
import { accepted } from '../problem.ts';
import { pageOf, pageQuery, problems, shownPage } from '../responses.ts';
import {
  countryCodeText,
  money,
  numberKind,
  numberRange,
  serviceNumber,
  shownMoney,
  shownNumber,
  shownRange,
} from '../shapes.ts';

const form = z.array(z.object({ name: z.string(), isRequired: z.boolean(), meaning: z.string() }));

const offer = z
  .object({
    about: z.string(),
    numbers: z.array(numberRange).describe('The ranges on sale, with their prices.'),
    holdMinutes: z.number().describe('So long an approved number is held for its buyer.'),
    paymentDays: z.number().describe('So long a confirmed number waits for the money.'),
    quarantineDays: z
      .number()
      .describe('So long a number that was given back rests before it is sold again.'),
    depositAccounts: z
      .record(z.string(), z.object({ bank: z.string(), account: z.string(), holder: z.string() }))
      .describe('Where to transfer money, by currency.'),
    purchaseForm: form.describe('What a purchase request asks for (R6).'),
    registrationForm: form.describe('What the registration of a member asks for (R10).'),
  })
  .meta({ id: 'Offer' });

export const availableNumber = z
  .object({ number: serviceNumber, price: money })
  .meta({ id: 'AvailableNumber' });

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const ABOUT =
  'Telephone numbers that are the same in the whole world: personal numbers, and enterprise numbers that reach ' +
  'the branch of the country dialled after #. Calls between them use the internet only.';

/** What is sold, to everybody who asks (R5). */
export const offerRoutes: Routes = (face, { services }) => {
  face.route({
    method: 'GET',
    url: '/v1/offer',
    config: { openToVisitors: true },
    schema: {
      summary: 'What is sold, and for how much (R5)',
      tags: ['offer'],
      security: [],
      response: { 200: offer, ...problems() },
    },
    handler: async () => {
      const sale = await describeSale(services);
      return {
        about: ABOUT,
        numbers: sale.ranges.map(shownRange),
        holdMinutes: sale.holdMs / MINUTE_MS,
        paymentDays: sale.paymentTermMs / DAY_MS,
        quarantineDays: sale.quarantineMs / DAY_MS,
        depositAccounts: { ...sale.depositAccounts },
        purchaseForm: [...sale.purchaseForm],
        registrationForm: [...sale.registrationForm],
      };
    },
  });
  face.route({
    method: 'GET',
    url: '/v1/available-numbers',
    config: { openToVisitors: true },
    schema: {
      summary: 'Search the numbers that can be bought now (R5)',
      description:
        'A page may have fewer numbers than asked for and yet a `next`: then the search goes on there.',
      tags: ['numbers'],
      security: [],
      querystring: pageQuery.extend({
        kind: numberKind,
        country: countryCodeText.optional(),
        pattern: line(64)
          .optional()
          .describe('Digits, `?` for one digit, `*` for any; digits alone may occur anywhere.'),
      }),
      response: { 200: pageOf(availableNumber), ...problems(422) },
    },
    handler: async ({ query: { country, ...query } }) => {
      const found = await searchNumbers(services, definite({ ...query, countryCode: country }));
      return shownPage(accepted(found), ({ number, price }) => ({
        number: shownNumber(number),
        price: shownMoney(price),
      }));
    },
  });
};
