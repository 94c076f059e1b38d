import { label, respond, scenario, send } from './scenario-text.ts';

/** What a carrier does with every call. */
export type CarrierAnswer =
  /** Rings, answers, and sends back the sound it hears. */
  | 'answers'
  /** Sends sound before it answers (183). */
  | 'early-media'
  /** Answers, and hangs up after a while. */
  | 'hangs-up'
  /** 401 first; then it answers whoever has the password, and refuses others with 403. */
  | 'demands-digest'
  /** Rings, and then 480. */
  | 'no-answer'
  /** Rings until it is told to stop. */
  | 'rings'
  | 'busy'
  | 'not-found'
  | 'unavailable'
  /** Says nothing at all. */
  | 'silent';

export type CarrierManner = {
  readonly answer: CarrierAnswer;
  /** How long it rings or plays before it goes on, and how long it talks before it hangs up. */
  readonly waitMs?: number;
  /** What it says to OPTIONS: 200, 503 or nothing. */
  readonly probe?: 'alive' | 'unavailable' | 'silent';
  /** Whom it believes who it is, where it asks. */
  readonly account?: { readonly user: string; readonly password: string };
};

const WAIT_MS = 300;
/** Longer than any test. */
const FOR_EVER_MS = 600_000;

const RINGING = respond({ status: '180 Ringing', isFirst: true });
const REPEATED = 'retrans="500"';
const ANSWER = respond({ status: '200 OK', isFirst: true, hasSound: true, attributes: REPEATED });

/** The text of the carrier's scenario: one call, or one OPTIONS. */
export function carrierScenario(manner: CarrierManner): string {
  const { answer, probe = 'alive' } = manner;
  const isHeard = answer === 'hangs-up';
  return scenario(`a carrier: ${answer}`, [
    '<recv request="OPTIONS" optional="true" next="probed"/>',
    `<recv request="INVITE" rrs="true">${isHeard ? ENDS : ''}</recv>`,
    ...treatment(manner),
    label('probed'),
    ...probeTreatment(probe),
    label('over'),
    isHeard ? '<Reference variables="from,to"/>' : '',
  ]);
}

/** Who hangs up has to name both ends the other way round. */
const ENDS = `<action>
  <ereg regexp=".*" search_in="hdr" header="From:" assign_to="from"/>
  <ereg regexp=".*" search_in="hdr" header="To:" assign_to="to"/>
</action>`;

function treatment({ answer, waitMs = WAIT_MS, account }: CarrierManner): readonly string[] {
  switch (answer) {
    case 'answers':
      return [RINGING, ...waiting(waitMs, ANSWER), ...talking(FOR_EVER_MS), ...CANCELLED];
    case 'early-media':
      return [
        respond({ status: '183 Session Progress', isFirst: true, hasSound: true }),
        ...waiting(waitMs, ANSWER),
        ...talking(FOR_EVER_MS),
        ...CANCELLED,
      ];
    case 'hangs-up':
      return [ANSWER, ...talking(waitMs), ...CANCELLED];
    case 'demands-digest':
      return [
        ...challenge(account ?? { user: '', password: '' }),
        ANSWER,
        ...talking(FOR_EVER_MS),
        ...CANCELLED,
      ];
    case 'no-answer':
      return [RINGING, ...waiting(waitMs, refusal('480 Temporarily Unavailable')), ...CANCELLED];
    case 'rings':
      return [RINGING, ...waiting(FOR_EVER_MS, refusal('480 Temporarily Unavailable')), ...CANCELLED];
    case 'busy':
      return [refusal('486 Busy Here')];
    case 'not-found':
      return [refusal('404 Not Found')];
    case 'unavailable':
      return [refusal('503 Service Unavailable')];
    case 'silent':
      return ['<nop next="over"/>'];
  }
}

/** Waits for a CANCEL, and goes on when none comes. */
function waiting(waitMs: number, after: string): readonly string[] {
  return [
    `<recv request="CANCEL" timeout="${waitMs}" ontimeout="waited" next="cancelled"/>`,
    label('waited'),
    after,
  ];
}

function refusal(status: string): string {
  return [respond({ status, isFirst: true, attributes: REPEATED }), '<recv request="ACK" next="over"/>'].join(
    '\n',
  );
}

/** An answered call until either side hangs up; the other side may change it. */
function talking(hangsUpAfterMs: number): readonly string[] {
  const hangUp =
    hangsUpAfterMs === FOR_EVER_MS
      ? ['<nop next="over"/>']
      : [
          send(
            [
              'BYE [next_url] SIP/2.0',
              'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]',
              'Max-Forwards: 70',
              '[routes]',
              'From: [$to];tag=a[call_number]',
              'To: [$from]',
              '[last_Call-ID:]',
              'CSeq: 1 BYE',
              'Content-Length: 0',
            ],
            REPEATED,
          ),
          '<recv response="200" next="over"/>',
        ];
  return [
    '<recv request="ACK"/>',
    label('talking'),
    // The time-out is that of the first of those it waits for.
    `<recv request="INVITE" optional="true" next="changed" timeout="${hangsUpAfterMs}" ontimeout="hanging-up"/>`,
    '<recv request="UPDATE" optional="true" next="updated"/>',
    '<recv request="BYE"/>',
    respond({ status: '200 OK', attributes: 'next="over"' }),
    label('changed'),
    respond({ status: '200 OK', hasSound: true, attributes: REPEATED }),
    '<recv request="ACK" next="talking"/>',
    label('updated'),
    respond({ status: '200 OK', hasSound: true, attributes: 'next="talking"' }),
    label('hanging-up'),
    ...hangUp,
  ];
}

/** The caller does not want it any more: both requests are answered (RFC 3261 §9.2). */
const CANCELLED: readonly string[] = [
  label('cancelled'),
  respond({ status: '200 OK' }),
  send(
    [
      'SIP/2.0 487 Request Terminated',
      '[last_Via:]',
      '[last_From:]',
      '[last_To:];tag=a[call_number]',
      '[last_Call-ID:]',
      'CSeq: [last_cseq_number] INVITE',
      'Content-Length: 0',
    ],
    REPEATED,
  ),
  '<recv request="ACK" next="over"/>',
];

function challenge({
  user,
  password,
}: {
  readonly user: string;
  readonly password: string;
}): readonly string[] {
  const ask = 'WWW-Authenticate: Digest realm="carrier.example", nonce="a[call_number]f5c1e92b", qop="auth"';
  return [
    respond({ status: '401 Unauthorized', isFirst: true, headers: [ask], attributes: REPEATED }),
    '<recv request="ACK"/>',
    `<recv request="INVITE" rrs="true"><action>
      <verifyauth assign_to="known" username="${user}" password="${password}"/>
    </action></recv>`,
    '<nop test="known" next="welcome"/>',
    refusal('403 Forbidden'),
    label('welcome'),
  ];
}

function probeTreatment(probe: 'alive' | 'unavailable' | 'silent'): readonly string[] {
  if (probe === 'silent') return [];
  return [respond({ status: probe === 'alive' ? '200 OK' : '503 Service Unavailable', isFirst: true })];
}
