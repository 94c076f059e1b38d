import { Faults, Fields } from '../../centres/configuration/index.ts';
import { accept, type Result, refuseAll } from '../../refusal/index.ts';
import { type Currency, isCurrency } from '../money-currency.ts';
import { isTimeZone } from '../tariffs/index.ts';
import { type Agreement, type Partner, PERIOD_KINDS } from './agreement.ts';

const MOST_ADDRESS_LINES = 10;

/** The clocks of two networks differ by seconds; by more than an hour it is a time zone that was forgotten. */
const LARGEST_TOLERANCE_SECONDS = 3_600;

/**
 * Reads an agreement as people write it (R23).
 * @returns it, or `agreement-invalid` with one fault for each part that is wrong
 */
export function readAgreement(value: unknown): Result<Agreement, 'agreement-invalid'> {
  const faults = new Faults();
  const fields = new Fields(value, '', faults);
  const agreement: Agreement = {
    trunk: nameIn(fields, 'trunk', faults),
    currency: readCurrency(fields, faults),
    timeZone: readZone(fields, faults),
    period: fields.choice('period', PERIOD_KINDS, 'month'),
    ...tariff(fields, 'outboundTariff', faults),
    ...tariff(fields, 'inboundTariff', faults),
    inboundPaidBy: fields.choice('inboundPaidBy', ['other', 'us'], 'other'),
    ...tariff(fields, 'transitTariff', faults),
    toleranceSeconds: fields.whole('toleranceSeconds', { from: 0, to: LARGEST_TOLERANCE_SECONDS }, 5),
    partner: readPartner(fields, faults),
  };
  fields.end();
  const [first] = faults.list;
  if (first === undefined) return accept(agreement);
  return refuseAll('agreement-invalid', `The agreement cannot be used: ${first.detail}`, faults.list);
}

/** The names of trunks and tariffs have one form. */
function nameIn(fields: Fields, part: string, faults: Faults): string {
  const name = fields.text(part, 64);
  if (name !== '' && !/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/.test(name)) {
    faults.add(fields.at(part), 'This has to be a name of small letters, digits and hyphens: kt-seoul.');
  }
  return name;
}

function tariff<Part extends string>(
  fields: Fields,
  part: Part,
  faults: Faults,
): { readonly [Name in Part]?: string } {
  if (!fields.has(part)) {
    fields.raw(part);
    return {};
  }
  return { [part]: nameIn(fields, part, faults) } as { readonly [Name in Part]: string };
}

function readCurrency(fields: Fields, faults: Faults): Currency {
  const code = fields.text('currency', 10);
  if (isCurrency(code)) return code;
  if (code !== '') faults.add(fields.at('currency'), 'This has to be a code of ISO 4217, as KRW.');
  return 'KRW';
}

function readZone(fields: Fields, faults: Faults): string {
  const name = fields.text('timeZone', 64);
  if (name === '' || isTimeZone(name)) return name;
  faults.add(fields.at('timeZone'), 'This has to be a time zone of the IANA database, as Asia/Seoul.');
  return name;
}

function readPartner(fields: Fields, faults: Faults): Partner {
  const partner = fields.inner('partner', fields.raw('partner') ?? {});
  const email = partner.text('email', 254, '');
  if (email !== '' && !/^[^@\s]+@[^@\s]+$/.test(email)) {
    faults.add(partner.at('email'), 'This has to be an e-mail address.');
  }
  const read: Partner = {
    name: partner.text('name', 200),
    addressLines: partner.list('addressLines', MOST_ADDRESS_LINES, (line, at) =>
      typeof line === 'string' && line.trim() !== '' && line.length <= 200
        ? line.trim()
        : faults.add(at, 'This has to be a line of text.'),
    ),
    ...(email === '' ? {} : { email }),
  };
  partner.end();
  return read;
}
