import { parseMessage, type SipRequest, type SipResponse } from '../../src/protocols/sip/message/index.ts';

/** What a test wants to be different; header names are canonical, and a list gives a header several times. */
export type RequestWish = {
  readonly uri?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
};

/**
 * A valid request as the parser reads it: Alice calls Bob, branch `z9hG4bK-1`, From tag `alice-1`, no To tag,
 * Call-ID `call-1`, CSeq 1.
 */
export function sipRequest(method: string, wish: RequestWish = {}): SipRequest {
  const { uri = 'sip:bob@biloxi.example', body = '' } = wish;
  const headers: Record<string, string | readonly string[]> = {
    Via: 'SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK-1',
    'Max-Forwards': '70',
    From: 'Alice <sip:alice@atlanta.example>;tag=alice-1',
    To: 'Bob <sip:bob@biloxi.example>',
    'Call-ID': 'call-1',
    CSeq: `1 ${method}`,
    Contact: '<sip:alice@192.0.2.1:5060>',
    ...wish.headers,
  };
  return read(`${method} ${uri} SIP/2.0`, headers, body) as SipRequest;
}

/** The answer to a request as its sender reads it: To tag `bob-1` from 101 on, and Bob's Contact. */
export function sipResponse(
  request: SipRequest,
  status: number,
  headers: RequestWish['headers'] = {},
): SipResponse {
  const copy = (name: string) => request.headers.find((field) => field.name === name)?.value ?? '';
  const to = copy('To');
  const answer = {
    Via: copy('Via'),
    From: copy('From'),
    To: status === 100 || to.includes(';tag=') ? to : `${to};tag=bob-1`,
    'Call-ID': copy('Call-ID'),
    CSeq: copy('CSeq'),
    Contact: '<sip:bob@192.0.2.2:5060>',
    ...headers,
  };
  return read(`SIP/2.0 ${status} Test`, answer, '') as SipResponse;
}

function read(startLine: string, headers: NonNullable<RequestWish['headers']>, body: string) {
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    [value].flat().map((each) => `${name}: ${each}`),
  );
  const text = [startLine, ...lines, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n');
  const message = parseMessage(Buffer.from(text));
  if (!message.ok) throw new Error(`The test's own message is malformed: ${message.problem.detail}\n${text}`);
  return message.value;
}
