import type { TransactionEffect } from '../../src/protocols/sip/transaction/index.ts';

/** Effects as a person reads them: `send INVITE`, `send 486`, `start A 500`, `stop A`, `deliver 180`, `terminated`. */
export function spell(effects: readonly TransactionEffect[]): string[] {
  return effects.map((effect) => {
    switch (effect.kind) {
      case 'send':
        return `send ${effect.message.kind === 'request' ? effect.message.method : effect.message.status}`;
      case 'start-timer':
        return `start ${effect.timer} ${effect.afterMs}`;
      case 'stop-timer':
        return `stop ${effect.timer}`;
      case 'deliver-request':
        return `deliver ${effect.request.method}`;
      case 'deliver-response':
        return `deliver ${effect.response.status}`;
      default:
        return effect.kind;
    }
  });
}

/** The timers still running after these effects. */
export function runningTimers(effects: readonly TransactionEffect[]): Set<string> {
  const running = new Set<string>();
  for (const effect of effects) {
    if (effect.kind === 'start-timer') running.add(effect.timer);
    if (effect.kind === 'stop-timer') running.delete(effect.timer);
  }
  return running;
}
