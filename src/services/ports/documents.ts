import type { BillingDocument, DocumentContent, DocumentKind } from '../../domain/billing/documents/index.ts';
import type { Money } from '../../domain/billing/index.ts';
import type { Result } from '../../domain/refusal/index.ts';

/** What there are documents about. */
export const SUBJECT_KINDS = ['order', 'bill', 'payment', 'settlement'] as const;

/** What a document is about: `order/<id>`, `bill/<id>`, `settlement/<id>`; `payment/<id>` where it became credit. */
export type DocumentSubject = {
  readonly kind: (typeof SUBJECT_KINDS)[number];
  readonly id: string;
};

/** A document that is to be issued. */
export type DocumentToIssue = {
  /** A UUID of version 7; the id of the document unless the subject has one of its kind already. */
  readonly id: string;
  /** Who may see it besides operators; absent where it is no member's. */
  readonly memberId?: string;
  readonly subject: DocumentSubject;
  /** Whose sums add up: anything else is a bug, and throws. */
  readonly content: DocumentContent;
};

/** A document as it was issued, with its number. It never changes. */
export type IssuedDocument = {
  readonly id: string;
  readonly memberId?: string;
  readonly subject: DocumentSubject;
  readonly document: BillingDocument;
};

/** A document in a list, without its lines, of which there may be thousands. */
export type ListedDocument = Omit<IssuedDocument, 'document'> & {
  readonly kind: DocumentKind;
  readonly number: string;
  readonly issuedAtMs: number;
  readonly total: Money;
};

export type DocumentFilter = {
  readonly memberId?: string;
  readonly kind?: DocumentKind;
  /** Those about one thing: its receipt, its invoice, its credit note. */
  readonly subject?: DocumentSubject;
  /** Documents made before the one with this id, newest first. */
  readonly before?: string;
  readonly limit: number;
};

/** Documents that were issued, numbered without gaps for each seller, kind and year. */
export type DocumentStore = {
  /**
   * Gives a document its number and keeps it. A subject has one document of a kind: asked again, it is that one, as
   * it was, and no number is used.
   */
  issue(wanted: DocumentToIssue): Promise<IssuedDocument>;
  find(id: string): Promise<IssuedDocument | undefined>;
  /** Newest first. */
  list(filter: DocumentFilter): Promise<readonly ListedDocument[]>;
};

/** Brings documents to paper. */
export type DocumentPrinter = {
  /** @returns a PDF; of the same document always the same bytes. Refused where too many are being printed. */
  toPdf(document: BillingDocument): Promise<Result<Uint8Array, 'service-unavailable'>>;
};
