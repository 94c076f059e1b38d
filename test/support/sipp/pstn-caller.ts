import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SipResponse } from '../../../src/protocols/sip/message/index.ts';
import { messagesIn, requestsIn } from './message-file.ts';
import { credentials, runSipp } from './run-sipp.ts';
import { label, SOUND, scenario, send } from './scenario-text.ts';

export type PstnCallOptions = {
  /** The exchange, as `host:port`. */
  readonly remote: string;
  readonly port: number;
  readonly address?: string;
  readonly mediaPort?: number;
  /** The calling number in From, as the carrier writes it. */
  readonly from: string;
  /** The number in P-Asserted-Identity; without one there is no such header. */
  readonly assertedIdentity?: string;
  readonly dialled: string;
  /** Further header lines of the INVITE, `Privacy: id`. */
  readonly headers?: readonly string[];
  /** How the carrier proves who it is when it is asked. */
  readonly account?: { readonly user: string; readonly password: string };
  /** Pressed a while after the answer (RFC 4733): `02-6200…` is not written so, keys alone. */
  readonly keys?: string;
  /** How long it talks before it hangs up; it also ends when the other side hangs up first. */
  readonly talkMs?: number;
};

/** What came of a call from the PSTN. */
export type PstnCallReport = {
  /** Every response to the INVITE, in order, without repetitions of the 2xx. */
  readonly statuses: readonly number[];
  readonly final: SipResponse | undefined;
  readonly wasHungUpOn: boolean;
  readonly complaints: string;
};

const FAILURES = [
  400, 402, 403, 404, 405, 406, 408, 410, 413, 415, 416, 420, 421, 422, 423, 480, 481, 482, 483, 484, 485,
  486, 487, 488, 491, 500, 501, 502, 503, 504, 513, 600, 603, 604, 606,
];
const TALK_MS = 1_000;
const BEFORE_KEYS_MS = 500;
const A_KEY_MS = 400;

/** A call of somebody in the PSTN, from its first INVITE to its end. */
export async function callFromPstn(options: PstnCallOptions): Promise<PstnCallReport> {
  const { remote, port, address = '127.0.0.1', mediaPort = port + 10, account } = options;
  const folder = mkdtempSync(join(tmpdir(), 'omnidial-pstn-'));
  const messageFile = join(folder, 'messages.log');
  try {
    const { complaints } = await runSipp({
      scenario: { xml: callerScenario(options) },
      remote,
      port,
      address,
      echoPort: mediaPort,
      messageFile,
      calls: 1,
      ...(account === undefined ? {} : { rows: [[credentials(account.user, account.password)]] }),
    });
    const messages = messagesIn(messageFile);
    const responses = messages.flatMap(({ direction, message }) =>
      direction === 'received' && message.kind === 'response' && isOfInvite(message) ? [message] : [],
    );
    const final = responses.findLast(({ status }) => status >= 200);
    return {
      statuses: responses.map(({ status }) => status).filter((status, at, all) => status !== all[at - 1]),
      final,
      wasHungUpOn: requestsIn(messages, 'BYE').length > 0,
      complaints,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function isOfInvite({ headers }: SipResponse): boolean {
  return headers.some(({ name, value }) => name.toLowerCase() === 'cseq' && value.endsWith('INVITE'));
}

function callerScenario(options: PstnCallOptions): string {
  const { account, keys, talkMs = TALK_MS } = options;
  const asks =
    account === undefined
      ? []
      : [401, 407].map((status) => `<recv response="${status}" auth="true" optional="true" next="asked"/>`);
  return scenario('a caller of the PSTN', [
    send(invite(options, 1), 'retrans="500"'),
    ...asks,
    ...awaiting(account === undefined ? [401, 407] : []),
    ...(account === undefined
      ? []
      : [
          label('asked'),
          send(within(options, 'ACK', 1, '[last_To:]')),
          send(invite(options, 2, ['[field0]']), 'retrans="500"'),
          ...awaiting([401, 407]),
        ]),
    label('answered'),
    send([...within(options, 'ACK', account === undefined ? 1 : 2, '[last_To:]', '[next_url]')]),
    ...(keys === undefined ? [] : pressing(keys)),
    `<recv request="BYE" timeout="${talkMs}" ontimeout="hanging-up"/>`,
    send(
      [
        'SIP/2.0 200 OK',
        '[last_Via:]',
        '[last_From:]',
        '[last_To:]',
        '[last_Call-ID:]',
        '[last_CSeq:]',
        'Content-Length: 0',
      ],
      'next="over"',
    ),
    label('hanging-up'),
    send(within(options, 'BYE', 3, '[last_To:]', '[next_url]'), 'retrans="500"'),
    '<recv response="200" next="over"/>',
    label('failed'),
    send(within(options, 'ACK', account === undefined ? 1 : 2, '[last_To:]')),
    label('over'),
  ]);
}

/** Waits for the answer; each refusal has to be named. */
function awaiting(more: readonly number[]): readonly string[] {
  return [
    ...[100, 180, 181, 183].map((status) => `<recv response="${status}" optional="true"/>`),
    ...[...FAILURES, ...more].map((status) => `<recv response="${status}" optional="true" next="failed"/>`),
    '<recv response="200" rrs="true" next="answered"/>',
  ];
}

function pressing(keys: string): readonly string[] {
  return [
    `<pause milliseconds="${BEFORE_KEYS_MS}"/>`,
    `<nop><action><exec play_dtmf="${keys}"/></action></nop>`,
    `<pause milliseconds="${keys.length * A_KEY_MS}"/>`,
  ];
}

function invite(options: PstnCallOptions, cseq: number, more: readonly string[] = []): readonly string[] {
  const { assertedIdentity, headers = [] } = options;
  const to = `To: <sip:${options.dialled}@[remote_ip]:[remote_port]>`;
  return [
    ...within(options, 'INVITE', cseq, to).slice(0, -1),
    'Contact: <sip:[local_ip]:[local_port];transport=[transport]>',
    // It knows MD5 alone, and is asked for that by this name.
    'User-Agent: SIPp',
    ...(assertedIdentity === undefined
      ? []
      : [`P-Asserted-Identity: <sip:${assertedIdentity}@[local_ip]:[local_port]>`]),
    ...headers,
    ...more,
    ...SOUND,
  ];
}

function within(
  { from, dialled }: PstnCallOptions,
  method: string,
  cseq: number,
  to: string,
  uri = `sip:${dialled}@[remote_ip]:[remote_port]`,
): readonly string[] {
  return [
    `${method} ${uri} SIP/2.0`,
    'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]',
    'Max-Forwards: 70',
    ...(method === 'INVITE' ? [] : ['[routes]']),
    `From: <sip:${from}@[local_ip]:[local_port]>;tag=c[call_number]`,
    to,
    'Call-ID: [call_id]',
    `CSeq: ${cseq} ${method}`,
    'Content-Length: 0',
  ];
}
