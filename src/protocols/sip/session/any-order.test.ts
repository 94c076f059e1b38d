import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sipRequest, sipResponse } from '../../../../test/support/sip-messages.ts';
import { DEFAULT_TIMERS } from '../transaction/index.ts';
import { judgeRequest, mayInvite, mayOffer } from './glare.ts';
import { NO_SESSION, observe } from './offer-answer.ts';
import {
  type ProvisionalEffect,
  type ProvisionalInput,
  reliableProvisionals,
  stepReliableProvisionals,
} from './reliable-provisional.ts';

const SDP = { 'Content-Type': 'application/sdp' };
const invite = sipRequest('INVITE');

const aResponse = (statuses: readonly number[]) =>
  fc.tuple(fc.constantFrom(...statuses), fc.boolean()).map(([status, hasSession]) => {
    const response = sipResponse(invite, status, hasSession ? SDP : {});
    return { ...response, body: new TextEncoder().encode(hasSession ? 'v=0' : '') };
  });

const provisionalInput: fc.Arbitrary<ProvisionalInput> = fc.oneof(
  aResponse([180, 181, 183]).map((response) => ({ kind: 'provisional', response }) as const),
  aResponse([200, 486]).map((response) => ({ kind: 'final', response }) as const),
  fc
    .integer({ min: 1, max: 6 })
    .map(
      (rseq) =>
        ({ kind: 'prack', prack: sipRequest('PRACK', { headers: { RAck: `${rseq} 1 INVITE` } }) }) as const,
    ),
  fc.constantFrom('retransmit', 'give-up').map((timer) => ({ kind: 'timer', timer }) as const),
);

describe('whatever happens in whatever order', () => {
  it('reliable provisional responses leave no timer running, and number what is sent without a gap', () => {
    fc.assert(
      fc.property(fc.array(provisionalInput), (inputs) => {
        let all = reliableProvisionals(1, DEFAULT_TIMERS);
        const running = new Set<string>();
        const finals: number[] = [];
        const perform = (effects: readonly ProvisionalEffect[]) => {
          for (const effect of effects) {
            if (effect.kind === 'start-timer') running.add(effect.timer);
            if (effect.kind === 'stop-timer') running.delete(effect.timer);
            if (effect.kind === 'send' && effect.response.status >= 200) finals.push(effect.response.status);
            if (effect.kind === 'give-up') finals.push(effect.status);
          }
        };
        for (const input of inputs) {
          if (input.kind === 'timer' && !running.delete(input.timer)) continue;
          const [next, effects] = stepReliableProvisionals(all, input);
          expect(next.nextRseq - all.nextRseq).toBe(
            effects.filter((effect) => effect.kind === 'start-timer' && effect.timer === 'give-up').length,
          );
          all = next;
          perform(effects);
          expect(running.size).toBe(all.state === 'unacknowledged' ? 2 : 0);
        }
        expect(finals.length).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('offers and answers: our side may make none while one is outstanding, and no message makes it throw', () => {
    const line = fc.record({
      by: fc.constantFrom('local', 'remote'),
      method: fc.constantFrom('INVITE', 'ACK', 'PRACK', 'UPDATE', 'BYE'),
      number: fc.integer({ min: 1, max: 3 }),
      status: fc.constantFrom(undefined, 180, 200, 491),
      hasSession: fc.boolean(),
      reliable: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        let state = NO_SESSION;
        for (const { by, method, number, status, hasSession, reliable } of lines) {
          const request = sipRequest(method, {
            headers: { CSeq: `${number} ${method}`, ...(hasSession ? SDP : {}) },
            body: hasSession ? 'v=0' : '',
          });
          const answer =
            status === undefined ? undefined : sipResponse(request, status, reliable ? { RSeq: '1' } : {});
          state = observe(state, by, answer === undefined ? request : { ...answer, body: request.body });
          if (state.offer !== undefined) expect([mayInvite(state), mayOffer(state)]).toEqual([false, false]);
          expect(judgeRequest(state, request)).toHaveProperty('ok');
        }
      }),
    );
  });
});
