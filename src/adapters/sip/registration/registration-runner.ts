import type { StopTimer, Timers } from '../../../services/ports/index.ts';
import { type Account, credentialsFor } from '../digest-client.ts';
import type { SipEndpoint } from '../endpoint/index.ts';
import type { Flow } from '../network/index.ts';
import {
  newRegistration,
  type Registration,
  type RegistrationEffect,
  type RegistrationEvent,
  type RegistrationInput,
  type RegistrationSetting,
  stepRegistration,
} from './registration.ts';

/** What a registration cannot do itself. */
export type RegistrationSurroundings = {
  readonly endpoint: SipEndpoint;
  readonly timers: Timers;
  readonly account: Account | undefined;
  readonly server: Flow;
  tell(event: RegistrationEvent): void;
};

/** A registration with its timer running and its requests sent. */
export class RegistrationRunner {
  readonly #around: RegistrationSurroundings;
  #registration: Registration;
  #stopTimer: StopTimer = () => {};

  constructor(around: RegistrationSurroundings, setting: RegistrationSetting, expiresSeconds: number) {
    this.#around = around;
    this.#registration = newRegistration(setting, expiresSeconds);
  }

  get state(): Registration['state'] {
    return this.#registration.state;
  }

  input(input: RegistrationInput): void {
    const [registration, effects] = stepRegistration(this.#registration, input);
    this.#registration = registration;
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: RegistrationEffect): void {
    const { endpoint, timers, account, server } = this.#around;
    switch (effect.kind) {
      case 'send': {
        const { request } = effect;
        endpoint.send(request, server, {
          onResponse: (response) =>
            this.input({
              kind: 'response',
              request,
              response,
              ...credentialsFor(account, request, response),
            }),
          onTimeout: () => this.input({ kind: 'no-response', status: 408 }),
          onUnreachable: () => this.input({ kind: 'no-response', status: 503 }),
        });
        break;
      }
      case 'start-timer':
        this.#stopTimer();
        this.#stopTimer = timers.start(effect.afterMs, () => this.input({ kind: 'timer' }));
        break;
      case 'stop-timer':
        this.#stopTimer();
        break;
      case 'tell':
        this.#around.tell(effect.event);
        break;
    }
  }
}
