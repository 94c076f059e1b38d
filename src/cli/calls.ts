import type { CallShown } from '../adapters/http/index.ts';
import { MEMBER_OPTION, PAGE_OPTIONS, pageAsked, pathOf } from './asked.ts';
import { priced } from './money-text.ts';
import type { Items } from './service-client.ts';
import { serviceCommand, type Verb } from './service-command.ts';
import type { Column } from './table.ts';

const BRIEF: readonly Column<CallShown>[] = [
  { title: 'call', of: ({ id }) => id },
  { title: 'started', of: ({ startedAt }) => startedAt },
  { title: 'from', of: ({ callerNumber }) => callerNumber },
  { title: 'to', of: ({ calledNumber, dialled }) => calledNumber ?? dialled },
  { title: 'status', of: ({ status }) => status },
  { title: 'seconds', of: ({ durationSeconds }) => durationSeconds },
];

const WHOLE: readonly Column<CallShown>[] = [
  ...BRIEF,
  { title: 'dialled', of: ({ dialled }) => dialled },
  { title: 'rang', of: ({ ringingAt }) => ringingAt },
  { title: 'answered', of: ({ answeredAt }) => answeredAt },
  { title: 'ended', of: ({ endedAt }) => endedAt },
  { title: 'hung up by', of: ({ hungUpBy }) => hungUpBy },
  { title: 'SIP status', of: ({ sipStatus }) => sipStatus },
  { title: 'Q.850 cause', of: ({ q850Cause }) => q850Cause },
  { title: 'refusal', of: ({ refusal }) => refusal },
  { title: 'calling terminal', of: ({ callerTerminalId }) => callerTerminalId },
  { title: 'called terminal', of: ({ calleeTerminalId }) => calleeTerminalId },
  { title: 'from trunk', of: ({ callerTrunk }) => callerTrunk },
  { title: 'to trunk', of: ({ calleeTrunk }) => calleeTrunk },
  { title: 'to address', of: ({ calleeAddress }) => calleeAddress },
  {
    title: 'charged',
    of: ({ charges }) =>
      charges?.map(({ kind, amount }) => `${kind} ${priced(amount)}`).join(', ') || undefined,
  },
];

const VERBS: readonly Verb[] = [
  {
    name: 'list',
    summary: 'calls, newest first',
    arguments: [],
    options: { status: { value: '<status>', about: 'such as no-answer' }, ...MEMBER_OPTION, ...PAGE_OPTIONS },
    run: async (call) => {
      const { client, option, show } = call;
      const query = { status: option('status'), memberId: option('member'), ...pageAsked(call) };
      show.list(await client.get<Items<CallShown>>('/v1/calls', query), BRIEF);
    },
  },
  {
    name: 'show',
    summary: 'one call',
    arguments: ['call'],
    run: async ({ client, argument, show }) =>
      show.one(await client.get<CallShown>(pathOf('calls', argument('call'))), WHOLE),
  },
];

/** `omnidial calls`: the records of calls. */
export const calls = serviceCommand('calls', VERBS);
