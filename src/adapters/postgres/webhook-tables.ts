import type { Generated } from 'kysely';
import type {
  Delivery,
  DisabledReason,
  GiveUpReason,
  JsonObject,
  WebhookAttempt,
  WebhookEvent,
  WebhookSecret,
  WebhookTopic,
} from '../../domain/webhooks/index.ts';

export interface WebhookTables {
  webhook_endpoints: {
    id: string;
    /** Null of operators' endpoints. */
    member_id: string | null;
    url: string;
    topics: WebhookTopic[];
    description: string | null;
    created_at_ms: bigint;
    secrets: readonly WebhookSecret[];
    version: number;
    state: 'open' | 'disabled';
    disabled_at_ms: bigint | null;
    disabled_reason: DisabledReason | null;
    failures: number;
    failing_since_ms: bigint | null;
    rest_until_ms: bigint;
    /** Who works on it, and until when, by the clock of the database: those of machines differ. */
    lease: string | null;
    lease_until: Date | null;
  };
  webhook_events: {
    id: string;
    topic: WebhookEvent['topic'];
    type: string;
    occurred_at_ms: bigint;
    member_id: string | null;
    is_for_operators: boolean;
    data: JsonObject;
  };
  webhook_deliveries: {
    event_id: string;
    endpoint_id: string;
    /** The order in which they were recorded. */
    sequence: Generated<bigint>;
    state: Generated<Delivery['state']>;
    /** 0: at once. */
    due_at_ms: Generated<bigint>;
    first_tried_at_ms: bigint | null;
    ended_at_ms: bigint | null;
    reason: GiveUpReason | null;
    tries: Generated<number>;
    attempts: Generated<readonly WebhookAttempt[]>;
  };
}
