/** What an endpoint chooses by. */
export const WEBHOOK_TOPICS = ['calls', 'orders', 'balance', 'alarms'] as const;

export type WebhookTopic = (typeof WEBHOOK_TOPICS)[number];

/** What JSON can say. Money is decimal text: a JSON number is a float. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

export type JsonObject = { readonly [name: string]: JsonValue };

/** Something that happened, as those hear of it who asked to. */
export type WebhookEvent = {
  /**
   * Names it for ever, and is the `webhook-id` by which receivers know a repetition: of letters, digits, `_` and `-`.
   * An event that is recorded again under its id is the same one.
   */
  readonly id: string;
  /** `test` is what a test sends, to the one endpoint that is tested. */
  readonly topic: WebhookTopic | 'test';
  /** Such as `call.ended`; says what is in `data`. */
  readonly type: string;
  readonly occurredAtMs: number;
  /** Whose endpoints hear of it; absent where it is no member's. */
  readonly memberId?: string;
  /** Whether operators' endpoints hear of it. */
  readonly isForOperators: boolean;
  readonly data: JsonObject;
};

/** What decides which events an endpoint hears. */
export type Listener = {
  /** Whose events it hears; absent of operators' endpoints, which hear everybody's. */
  readonly memberId?: string;
  readonly topics: readonly WebhookTopic[];
};

/** Whether an endpoint hears of an event. */
export function hears({ memberId, topics }: Listener, event: WebhookEvent): boolean {
  if (!topics.some((topic) => topic === event.topic)) return false;
  return memberId === undefined ? event.isForOperators : memberId === event.memberId;
}

/** An id of an event: it is a part of what is signed, and with a full stop in it two contents would look the same. */
const EVENT_ID = /^[\w-]{1,100}$/;

/** Whether a text may name an event (Standard Webhooks 1.0, "Signature scheme"). */
export function isEventId(text: string): boolean {
  return EVENT_ID.test(text);
}
