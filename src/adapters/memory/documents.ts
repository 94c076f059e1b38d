import { documentNumber, seriesOf, soundDocument } from '../../domain/billing/documents/index.ts';
import type {
  DocumentFilter,
  DocumentStore,
  DocumentSubject,
  DocumentToIssue,
  IssuedDocument,
  ListedDocument,
} from '../../services/ports/index.ts';

/** Documents that were issued, in memory; nothing awaits between a number and the document that has it. */
export class MemoryDocuments implements DocumentStore {
  readonly #documents = new Map<string, IssuedDocument>();
  /** How many documents each series has. */
  readonly #counts = new Map<string, number>();

  async issue(wanted: DocumentToIssue): Promise<IssuedDocument> {
    return this.issueNow(wanted);
  }

  /** The same without waiting, for stores that issue it along with what it is about. */
  issueNow({ content, ...rest }: DocumentToIssue): IssuedDocument {
    const known = [...this.#documents.values()].find(
      ({ subject, document }) => document.kind === content.kind && isSame(subject, rest.subject),
    );
    if (known !== undefined) return known;
    const series = seriesOf(soundDocument(content));
    const key = JSON.stringify(series);
    const place = (this.#counts.get(key) ?? 0) + 1;
    const issued = { ...rest, document: { ...content, number: documentNumber(series, place) } };
    this.#counts.set(key, place);
    this.#documents.set(issued.id, structuredClone(issued));
    return issued;
  }

  async find(id: string): Promise<IssuedDocument | undefined> {
    return this.#documents.get(id);
  }

  async list({ memberId, kind, subject, before, limit }: DocumentFilter): Promise<readonly ListedDocument[]> {
    return [...this.#documents.values()]
      .filter((each) => memberId === undefined || each.memberId === memberId)
      .filter((each) => kind === undefined || each.document.kind === kind)
      .filter((each) => subject === undefined || isSame(each.subject, subject))
      .filter((each) => before === undefined || each.id < before)
      .sort((one, other) => (one.id < other.id ? 1 : -1))
      .slice(0, limit)
      .map(({ document: { kind, number, issuedAtMs, total }, ...rest }) => ({
        ...rest,
        kind,
        number,
        issuedAtMs,
        total,
      }));
  }
}

function isSame(one: DocumentSubject, other: DocumentSubject): boolean {
  return one.kind === other.kind && one.id === other.id;
}
