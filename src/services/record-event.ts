import { isEventId, type WebhookEvent } from '../domain/webhooks/index.ts';
import type { ServicePorts } from './ports/index.ts';

/** Something that happened; where it has no id of its own it gets one, and is another each time it is recorded. */
export type NewEvent = Omit<WebhookEvent, 'id' | 'isForOperators'> & {
  readonly id?: string;
  /** Operators hear of it unless it is said that they do not. */
  readonly isForOperators?: boolean;
};

/**
 * Records that something happened, for the webhooks that hear of it; they are told within seconds. What is to be told
 * if and only if something else is kept is recorded by that store in its own transaction (`insertEvents`).
 * @throws where the id has letters that an id may not have, which is a mistake of the caller
 */
export async function recordEvent(
  ports: Pick<ServicePorts, 'identifiers' | 'webhooks'>,
  event: NewEvent,
): Promise<void> {
  const id = event.id ?? ports.identifiers.next();
  if (!isEventId(id)) throw new Error(`"${id}" cannot be the id of an event.`);
  await ports.webhooks.record([{ isForOperators: true, ...event, id }]);
}
