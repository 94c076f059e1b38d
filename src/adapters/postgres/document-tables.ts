import type { ColumnType } from 'kysely';
import type { DocumentKind } from '../../domain/billing/documents/index.ts';
import type { Currency } from '../../domain/billing/index.ts';
import type { DocumentSubject } from '../../services/ports/index.ts';

export interface DocumentTables {
  /** How many documents each series has; its row is locked by whoever adds one. */
  document_series: {
    seller: string;
    kind: DocumentKind;
    year: number;
    last_place: number;
  };
  documents: {
    id: string;
    member_id: string | null;
    subject_kind: DocumentSubject['kind'];
    subject_id: string;
    seller: string;
    kind: DocumentKind;
    year: number;
    /** Its place in the series. */
    place: number;
    issued_at_ms: bigint;
    currency: Currency;
    total_micros: bigint;
    /** A `DocumentContent`, as JSON with bigints as text. */
    content: ColumnType<unknown, string, never>;
  };
}
