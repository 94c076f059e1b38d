/** What a record has to say of a call, and what it may. */
export const RECORD_PARTS = ['caller', 'called', 'start', 'duration', 'price', 'currency'] as const;
export type RecordPart = (typeof RECORD_PARTS)[number];

/** Which column has which part: by place, from 0. A start may be of two, date and time of day. */
export type RecordColumns = {
  readonly [Part in Exclude<RecordPart, 'start'>]?: number;
} & { readonly called: number; readonly duration: number; readonly start: readonly number[] };

/** The names that columns go by, the likelier first: a call is compared by its answer rather than by its set-up. */
const NAMES: Readonly<Record<RecordPart, readonly string[]>> = {
  caller: [
    'caller',
    'callernumber',
    'a',
    'anumber',
    'anum',
    'callingnumber',
    'calling',
    'callingparty',
    'ani',
    'cli',
    'callerid',
    'from',
    'src',
    'source',
    'origination',
    'originnumber',
  ],
  called: [
    'called',
    'callednumber',
    'b',
    'bnumber',
    'bnum',
    'calledparty',
    'dnis',
    'dialed',
    'dialled',
    'dialednumber',
    'dialednumber',
    'to',
    'dst',
    'destinationnumber',
    'termination',
    'number',
  ],
  start: [
    'answertime',
    'answeredat',
    'answered',
    'answer',
    'connecttime',
    'connectedat',
    'connect',
    'starttime',
    'startedat',
    'start',
    'begin',
    'begintime',
    'calldate',
    'datetime',
    'calltime',
    'timestamp',
    'setuptime',
    'setup',
  ],
  duration: [
    'duration',
    'durationseconds',
    'durationsec',
    'callduration',
    'conversationtime',
    'billsec',
    'billedseconds',
    'billedduration',
    'billableseconds',
    'seconds',
    'sec',
    'secs',
  ],
  price: [
    'price',
    'cost',
    'amount',
    'charge',
    'charged',
    'total',
    'totalprice',
    'callprice',
    'callcost',
    'fee',
  ],
  currency: ['currency', 'currencycode', 'ccy'],
};

/** The same name however it is written: `A-Number`, `a_number`. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

/**
 * Finds the columns of a heading.
 * @param named columns that somebody named by their headings, since theirs are none of the usual ones
 * @returns them, or a sentence that says which is not there
 */
export function columnsOf(
  heading: readonly string[],
  named: Readonly<Partial<Record<RecordPart, string>>>,
): RecordColumns | string {
  const places = new Map(heading.map((name, at) => [plain(name), at] as const).reverse());
  const found: Partial<Record<RecordPart, number>> = {};
  for (const part of RECORD_PARTS) {
    const asked = named[part];
    const at = (asked === undefined ? NAMES[part] : [plain(asked)])
      .map((name) => places.get(name))
      .find((place) => place !== undefined);
    if (asked !== undefined && at === undefined) return `There is no column "${asked}" in the heading.`;
    if (at !== undefined) found[part] = at;
  }
  const [date, time] = [places.get('date') ?? places.get('day'), places.get('time')];
  const twice = date !== undefined && time !== undefined ? [date, time] : undefined;
  const start = found.start === undefined ? twice : [found.start];
  const { called, duration, start: _, ...others } = found;
  if (called === undefined) return missing('the called number', 'called');
  if (start === undefined) return missing('the time of the answer', 'answer_time');
  if (duration === undefined) return missing('the duration', 'duration');
  return { ...others, called, duration, start };
}

function missing(what: string, name: string): string {
  return `No column has ${what}: call it ${name}, or say which one it is.`;
}
