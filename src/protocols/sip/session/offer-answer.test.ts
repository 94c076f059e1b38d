import { describe, expect, it } from 'vitest';
import { sipRequest, sipResponse } from '../../../../test/support/sip-messages.ts';
import type { SipMessage } from '../message/index.ts';
import { glareDelayMs, judgeRequest, mayInvite, mayOffer, retryAfterSeconds } from './glare.ts';
import { NO_SESSION, type OfferAnswer, observe, type Side } from './offer-answer.ts';

type Line = readonly [by: Side, what: string];

const SDP = { 'Content-Type': 'application/sdp' };

/** `INVITE 1 sdp`, `ACK 1`, `183 INVITE 1 sdp rel`, `200 UPDATE 2`: a message in a few words. */
function message(what: string): SipMessage {
  const words = what.split(' ');
  const hasSession = words.includes('sdp');
  const isResponse = /^\d/.test(what);
  const [method = '', number = ''] = isResponse ? words.slice(1) : words;
  const request = sipRequest(method, {
    headers: { CSeq: `${number} ${method}`, ...(hasSession ? SDP : {}) },
    body: hasSession ? 'v=0\r\n' : '',
  });
  if (!isResponse) return request;
  const reliable = words.includes('rel') ? { RSeq: '1', Require: '100rel' } : {};
  const response = sipResponse(request, Number(words[0]), { ...reliable, ...(hasSession ? SDP : {}) });
  return { ...response, body: request.body };
}

function having(...lines: readonly Line[]): OfferAnswer {
  return lines.reduce((state, [by, what]) => observe(state, by, message(what)), NO_SESSION);
}

function judge(state: OfferAnswer, what: string): number {
  const request = message(what);
  if (request.kind !== 'request') throw new Error('not a request');
  const verdict = judgeRequest(state, request);
  return verdict.ok ? 200 : verdict.status;
}

const call: readonly Line[] = [
  ['local', 'INVITE 1 sdp'],
  ['remote', '200 INVITE 1 sdp'],
  ['local', 'ACK 1'],
];

describe('RFC 3261 §13.2.1: where offer and answer may be', () => {
  it.each<[string, readonly Line[]]>([
    ['offer in INVITE, answer in 2xx', call],
    [
      'offer in 2xx, answer in ACK',
      [
        ['local', 'INVITE 1'],
        ['remote', '200 INVITE 1 sdp'],
        ['local', 'ACK 1 sdp'],
      ],
    ],
    [
      'offer in INVITE, answer in a reliable 183 and repeated in the 2xx',
      [
        ['remote', 'INVITE 1 sdp'],
        ['local', '183 INVITE 1 sdp rel'],
        ['remote', 'PRACK 2'],
        ['local', '200 PRACK 2'],
        ['local', '200 INVITE 1 sdp'],
        ['remote', 'ACK 1'],
      ],
    ],
    [
      'RFC 3262 §5: offer in a reliable 183, answer in PRACK',
      [
        ['remote', 'INVITE 1'],
        ['local', '183 INVITE 1 sdp rel'],
        ['remote', 'PRACK 2 sdp'],
        ['local', '200 PRACK 2'],
        ['local', '200 INVITE 1'],
        ['remote', 'ACK 1'],
      ],
    ],
    [
      'RFC 3262 §5: a second offer in PRACK, answer in its 2xx',
      [
        ['remote', 'INVITE 1 sdp'],
        ['local', '183 INVITE 1 sdp rel'],
        ['remote', 'PRACK 2 sdp'],
        ['local', '200 PRACK 2 sdp'],
        ['local', '200 INVITE 1'],
        ['remote', 'ACK 1'],
      ],
    ],
    [
      'RFC 3311: offer in UPDATE, answer in its 2xx',
      [...call, ['remote', 'UPDATE 5 sdp'], ['local', '200 UPDATE 5 sdp']],
    ],
  ])('%s', (_, lines) => {
    expect(having(...lines)).toEqual({ established: true });
  });

  it('a description in an unreliable 183 is a preview, and the 2xx is the answer', () => {
    const preview = having(['local', 'INVITE 1 sdp'], ['remote', '183 INVITE 1 sdp']);
    expect(preview).toMatchObject({ established: false, offer: { by: 'local' } });
    expect(mayOffer(preview)).toBe(false);
  });

  it('a failure of the request takes its offer back', () => {
    expect(having(...call, ['local', 'INVITE 2 sdp'], ['remote', '488 INVITE 2'])).toEqual({
      established: true,
    });
    expect(having(...call, ['local', 'UPDATE 2 sdp'], ['remote', '491 UPDATE 2'])).toEqual({
      established: true,
    });
  });

  it('an ACK that brings no answer leaves no offer behind', () => {
    const state = having(['local', 'INVITE 1'], ['remote', '200 INVITE 1 sdp'], ['local', 'ACK 1']);
    expect(state).toEqual({ established: false });
  });

  it('a response or ACK of another transaction changes nothing', () => {
    const waiting = having(['local', 'INVITE 2 sdp']);
    expect(observe(waiting, 'remote', message('200 INVITE 1 sdp'))).toBe(waiting);
    expect(observe(waiting, 'local', message('ACK 1'))).toBe(waiting);
    expect(observe(waiting, 'remote', message('488 UPDATE 2'))).toBe(waiting);
  });
});

describe('RFC 3261 §14.1: when our side may change the session', () => {
  it('not while an INVITE is under way in either direction', () => {
    expect(mayInvite(having(...call))).toBe(true);
    expect(mayInvite(having(...call, ['local', 'INVITE 2']))).toBe(false);
    expect(mayInvite(having(...call, ['remote', 'INVITE 9 sdp'], ['local', '200 INVITE 9 sdp']))).toBe(false);
  });

  it('again after the ACK or a failure', () => {
    const asked: readonly Line[] = [...call, ['remote', 'INVITE 9 sdp']];
    expect(mayInvite(having(...asked, ['local', '200 INVITE 9 sdp'], ['remote', 'ACK 9']))).toBe(true);
    expect(mayInvite(having(...asked, ['local', '488 INVITE 9']))).toBe(true);
  });

  it('RFC 3311 §5.1: UPDATE may make an offer during an INVITE once the first is answered', () => {
    const early = having(['local', 'INVITE 1 sdp'], ['remote', '183 INVITE 1 sdp rel']);
    expect(mayOffer(early)).toBe(true);
    expect(mayOffer(having(['local', 'INVITE 1 sdp']))).toBe(false);
    expect(mayOffer(having(...call, ['remote', 'UPDATE 4 sdp']))).toBe(false);
  });
});

describe('RFC 3261 §14.2: glare', () => {
  it('an INVITE while our INVITE is under way is answered with 491', () => {
    expect(judge(having(...call, ['local', 'INVITE 2 sdp']), 'INVITE 9 sdp')).toBe(491);
    expect(judge(having(...call, ['local', 'INVITE 2']), 'INVITE 9')).toBe(491);
  });

  it('a second INVITE before the final response to the first is answered with 500', () => {
    expect(judge(having(...call, ['remote', 'INVITE 9']), 'INVITE 10 sdp')).toBe(500);
    expect(judge(having(...call, ['remote', 'INVITE 9 sdp']), 'INVITE 10')).toBe(500);
  });

  it('an INVITE after a 2xx whose ACK was lost is served', () => {
    const state = having(...call, ['remote', 'INVITE 9 sdp'], ['local', '200 INVITE 9 sdp']);
    expect(judge(state, 'INVITE 10 sdp')).toBe(200);
  });

  it('but not where that ACK owes an answer', () => {
    const state = having(...call, ['remote', 'INVITE 9'], ['local', '200 INVITE 9 sdp']);
    expect(judge(state, 'INVITE 10 sdp')).toBe(491);
  });

  it('an INVITE is served when nothing is outstanding', () => {
    expect(judge(having(...call), 'INVITE 9 sdp')).toBe(200);
  });
});

describe('RFC 3311 §5.2: UPDATE', () => {
  it('with an offer while ours is outstanding is answered with 491', () => {
    expect(judge(having(...call, ['local', 'UPDATE 2 sdp']), 'UPDATE 9 sdp')).toBe(491);
    expect(judge(having(['local', 'INVITE 1 sdp']), 'UPDATE 9 sdp')).toBe(491);
  });

  it('with an offer while one of theirs is unanswered is answered with 500', () => {
    expect(judge(having(...call, ['remote', 'UPDATE 8 sdp']), 'UPDATE 9 sdp')).toBe(500);
    expect(judge(having(['remote', 'INVITE 1 sdp']), 'UPDATE 2 sdp')).toBe(500);
  });

  it('with an offer before there is a session is refused', () => {
    expect(judge(having(['local', 'INVITE 1']), 'UPDATE 9 sdp')).toBe(491);
    expect(judge(having(['remote', 'INVITE 1']), 'UPDATE 2 sdp')).toBe(500);
  });

  it('before the final response to an earlier UPDATE is answered with 500', () => {
    const refreshed: readonly Line[] = [...call, ['remote', 'UPDATE 8']];
    expect(judge(having(...refreshed), 'UPDATE 9')).toBe(500);
    expect(judge(having(...refreshed, ['local', '200 UPDATE 8']), 'UPDATE 9')).toBe(200);
  });

  it('without an offer is served whatever offer is outstanding, as a session refresh is', () => {
    expect(judge(having(...call, ['local', 'INVITE 2 sdp']), 'UPDATE 9')).toBe(200);
    expect(judge(having(...call), 'UPDATE 9 sdp')).toBe(200);
  });
});

describe('RFC 3262 §5: PRACK', () => {
  it('may answer the offer of a reliable response', () => {
    const state = having(['remote', 'INVITE 1'], ['local', '183 INVITE 1 sdp rel']);
    expect(judge(state, 'PRACK 2 sdp')).toBe(200);
    expect(judge(state, 'UPDATE 2 sdp')).toBe(491);
  });

  it('may make no offer while one is outstanding', () => {
    expect(judge(having(...call, ['local', 'UPDATE 2 sdp']), 'PRACK 9 sdp')).toBe(491);
    expect(judge(having(['remote', 'INVITE 1 sdp']), 'PRACK 2')).toBe(200);
  });

  it('other requests change no session', () => {
    expect(judge(having(['remote', 'INVITE 1 sdp']), 'INFO 2')).toBe(200);
  });
});

describe('RFC 3261 §14.1: the wait after a 491', () => {
  const almostOne = 1 - Number.EPSILON;

  it('is 2.1 to 4 s for the owner of the Call-ID and 0 to 2 s for the other, in units of 10 ms', () => {
    expect([glareDelayMs(true, 0), glareDelayMs(true, almostOne)]).toEqual([2_100, 4_000]);
    expect([glareDelayMs(false, 0), glareDelayMs(false, almostOne)]).toEqual([0, 2_000]);
    expect(glareDelayMs(true, 0.123456) % 10).toBe(0);
  });

  it('§14.2: the Retry-After of a 500 is 0 to 10 s', () => {
    expect([retryAfterSeconds(0), retryAfterSeconds(almostOne)]).toEqual([0, 10]);
  });
});
