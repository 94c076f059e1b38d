import type { DocumentKind } from '../domain/billing/documents/index.ts';
import { type Actor, memberIdOf, permit } from '../domain/members/index.ts';
import { accept, type Result } from '../domain/refusal/index.ts';
import { type Page, pageLimit, pageOf } from './page.ts';
import type { DocumentSubject, ListedDocument, ServicePorts } from './ports/index.ts';

export type ListDocuments = {
  readonly actor: Actor;
  /** Whose; of all where an operator gives none, of the actor's member where anybody else gives none. */
  readonly memberId?: string;
  readonly kind?: DocumentKind;
  readonly subject?: DocumentSubject;
  readonly after?: string;
  readonly limit?: number;
};

/** Documents without their lines, newest first. */
export async function listDocuments(
  ports: Pick<ServicePorts, 'documents'>,
  { actor, memberId = memberIdOf(actor), kind, subject, after, limit }: ListDocuments,
): Promise<Result<Page<ListedDocument>>> {
  const permitted = permit(actor, 'see-documents', memberId);
  if (!permitted.ok) return permitted;
  const size = pageLimit(limit);
  const documents = await ports.documents.list({
    limit: size + 1,
    ...(memberId === undefined ? {} : { memberId }),
    ...(kind === undefined ? {} : { kind }),
    ...(subject === undefined ? {} : { subject }),
    ...(after === undefined ? {} : { before: after }),
  });
  return accept(pageOf(documents, size, ({ id }) => id));
}
