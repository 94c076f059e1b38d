import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sipRequest, sipResponse } from '../../../../test/support/sip-messages.ts';
import type { ClientInput, ServerInput, TransactionEffect } from './effect.ts';
import { startInviteClient, stepInviteClient } from './invite-client.ts';
import { startInviteServer, stepInviteServer } from './invite-server.ts';
import { startNonInviteClient, stepNonInviteClient } from './non-invite-client.ts';
import { startNonInviteServer, stepNonInviteServer } from './non-invite-server.ts';
import type { PathOptions, TimerName } from './timers.ts';

const invite = sipRequest('INVITE');
const options = sipRequest('OPTIONS');
const statuses = [100, 180, 183, 200, 202, 302, 404, 486, 487, 500, 603] as const;
const timers: readonly TimerName[] = ['A', 'B', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'trying'];

/** An input, or `pass`: the timer that is due next fires. A `timer` input fires early, where it is running at all. */
type Move<Input> = Input | { readonly kind: 'pass' };

const common = [
  fc.constant({ kind: 'pass' } as const),
  fc.constant({ kind: 'transport-failed' } as const),
  fc.constantFrom(...timers).map((timer) => ({ kind: 'timer', timer }) as const),
];
const status = fc.constantFrom(...statuses);

function clientMoves(request: typeof invite): fc.Arbitrary<Move<ClientInput>[]> {
  const answer = status.map((code) => ({ kind: 'response', response: sipResponse(request, code) }) as const);
  return fc.array(fc.oneof(answer, fc.constant({ kind: 'cancelled' } as const), ...common));
}

function serverMoves(request: typeof invite): fc.Arbitrary<Move<ServerInput>[]> {
  const received = fc
    .constantFrom(request, sipRequest('ACK'))
    .map((each) => ({ kind: 'request', request: each }) as const);
  const answer = status.map((code) => ({ kind: 'respond', response: sipResponse(request, code) }) as const);
  return fc.array(fc.oneof(received, answer, ...common));
}

type Step<State> = [State, TransactionEffect[]];

/** Drives a machine by moves, then by `conclude` and its own timers, and checks what must hold of each. */
class Driven<State extends { readonly state: string }, Input> {
  readonly #running = new Map<TimerName, number>();
  readonly #step: (state: State, input: Input) => Step<State>;
  #nowMs = 0;
  #state: State;
  #terminations = 0;

  constructor([state, effects]: Step<State>, step: (state: State, input: Input) => Step<State>) {
    this.#state = state;
    this.#step = step;
    this.#perform(effects);
  }

  move(move: Move<Input> & { readonly kind: string }): void {
    if (move.kind === 'pass') this.#fireNext();
    else if (!('timer' in move) || this.#running.delete(move.timer as TimerName)) this.#input(move as Input);
  }

  end(conclude: Input): void {
    this.#input(conclude);
    for (let fired = 0; this.#running.size > 0; fired += 1) {
      expect(fired).toBeLessThan(100);
      this.#fireNext();
    }
    expect(this.#state.state).toBe('terminated');
    expect(this.#terminations).toBe(1);
  }

  #input(input: Input): void {
    const wasTerminated = this.#state.state === 'terminated';
    const [state, effects] = this.#step(this.#state, input);
    this.#state = state;
    if (wasTerminated) expect(effects).toEqual([]);
    this.#perform(effects);
  }

  #fireNext(): void {
    const next = [...this.#running].toSorted(([, one], [, other]) => one - other)[0];
    if (next === undefined) return;
    this.#running.delete(next[0]);
    this.#nowMs = next[1];
    this.#input({ kind: 'timer', timer: next[0] } as Input);
  }

  #perform(effects: readonly TransactionEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'start-timer') this.#running.set(effect.timer, this.#nowMs + effect.afterMs);
      if (effect.kind === 'stop-timer') this.#running.delete(effect.timer);
      if (effect.kind === 'terminated') {
        this.#terminations += 1;
        expect(effect).toBe(effects.at(-1));
        expect([...this.#running.keys()]).toEqual([]);
      }
    }
    if (effects.length > 0) {
      expect(this.#state.state === 'terminated').toBe(effects.at(-1)?.kind === 'terminated');
    }
  }
}

function check<State extends { readonly state: string }, Input extends { readonly kind: string }>(
  moves: fc.Arbitrary<Move<Input>[]>,
  start: (path: PathOptions) => Step<State>,
  step: (state: State, input: Input) => Step<State>,
  conclude: Input,
): void {
  fc.assert(
    fc.property(fc.boolean(), moves, (reliable, all) => {
      const driven = new Driven(start({ reliable }), step);
      for (const move of all) driven.move(move);
      driven.end(conclude);
    }),
    { numRuns: 500 },
  );
}

describe('whatever happens in whatever order, a transaction does not throw, ends once, and stops its timers', () => {
  it('the INVITE client transaction, once it is cancelled', () => {
    check(clientMoves(invite), (path) => startInviteClient(invite, path), stepInviteClient, {
      kind: 'cancelled',
    });
  });

  it('the non-INVITE client transaction', () => {
    check(clientMoves(options), (path) => startNonInviteClient(options, path), stepNonInviteClient, {
      kind: 'cancelled',
    });
  });

  it('the INVITE server transaction, once it is answered', () => {
    const response = sipResponse(invite, 486);
    check(serverMoves(invite), (path) => startInviteServer(invite, path), stepInviteServer, {
      kind: 'respond',
      response,
    });
  });

  it('the non-INVITE server transaction, once it is answered', () => {
    const response = sipResponse(options, 404);
    check(serverMoves(options), (path) => startNonInviteServer(options, path), stepNonInviteServer, {
      kind: 'respond',
      response,
    });
  });
});
