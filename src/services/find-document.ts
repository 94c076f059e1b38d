import { type Actor, notFound, permit } from '../domain/members/index.ts';
import { accept, type Result } from '../domain/refusal/index.ts';
import type { IssuedDocument, ServicePorts } from './ports/index.ts';

/** One document as it was issued: one's own for members, any for operators. */
export async function findDocument(
  ports: Pick<ServicePorts, 'documents'>,
  { actor, documentId }: { readonly actor: Actor; readonly documentId: string },
): Promise<Result<IssuedDocument>> {
  const found = await ports.documents.find(documentId);
  const permitted = permit(actor, 'see-documents', found?.memberId);
  if (!permitted.ok) return permitted;
  return found === undefined ? notFound() : accept(found);
}
