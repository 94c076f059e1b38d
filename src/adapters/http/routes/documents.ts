import { z } from 'zod';
import { findDocument } from '../../../services/find-document.ts';
import { listDocuments } from '../../../services/list-documents.ts';
import { definite } from '../definite.ts';
import {
  documentKind,
  documentShown,
  listedDocument,
  shownDocument,
  shownListedDocument,
  subjectKind,
} from '../document-shape.ts';
import type { Routes } from '../face.ts';
import { accepted, refused } from '../problem.ts';
import { pageOf, pageQuery, problems, shownPage } from '../responses.ts';
import { id, idParams } from '../shapes.ts';

const tags = ['documents'];

/** Receipts, invoices, credit notes and statements (R23, R24). */
export const documentRoutes: Routes = (face, { services, documentPrinter }) => {
  face.route({
    method: 'GET',
    url: '/v1/documents',
    schema: {
      summary: 'Receipts, invoices, credit notes and statements, newest first',
      tags,
      querystring: pageQuery.extend({
        memberId: id.optional().describe('Whose; operators see everybody’s without it.'),
        kind: documentKind.optional(),
        subjectKind: subjectKind.optional().describe('What they are about; with `subjectId`.'),
        subjectId: id.optional(),
      }),
      response: { 200: pageOf(listedDocument), ...problems(401, 403, 404) },
    },
    handler: async ({ actor, query: { subjectKind: about, subjectId, ...query } }) => {
      if ((about === undefined) !== (subjectId === undefined)) {
        throw refused('request-invalid', 'Give subjectKind and subjectId together.');
      }
      const subject = about && subjectId ? { kind: about, id: subjectId } : undefined;
      const page = accepted(await listDocuments(services, definite({ actor, subject, ...query })));
      return shownPage(page, shownListedDocument);
    },
  });
  face.route({
    method: 'GET',
    url: '/v1/documents/:id',
    schema: {
      summary: 'One document, with all that stands on it',
      tags,
      params: idParams,
      response: { 200: documentShown, ...problems(401, 403, 404) },
    },
    handler: async ({ actor, params }) =>
      shownDocument(accepted(await findDocument(services, { actor, documentId: params.id }))),
  });
  face.route({
    method: 'GET',
    url: '/v1/documents/:id/pdf',
    schema: {
      summary: 'One document on paper: A4, in its language',
      tags,
      params: idParams,
      response: {
        200: {
          description: 'The same bytes each time.',
          content: { 'application/pdf': { schema: z.any().meta({ type: 'string', format: 'binary' }) } },
        },
        ...problems(401, 403, 404, 503),
      },
    },
    handler: async ({ actor, params }, reply) => {
      const { document } = accepted(await findDocument(services, { actor, documentId: params.id }));
      const pdf = accepted(await documentPrinter.toPdf(document));
      return reply
        .header('content-type', 'application/pdf')
        .header('content-disposition', `inline; filename="${document.number}.pdf"`)
        .send(Buffer.from(pdf));
    },
  });
};
