import type { DocumentListed } from '../adapters/http/index.ts';
import { MEMBER_OPTION, PAGE_OPTIONS, pageAsked, pathOf } from './asked.ts';
import { saveBytes } from './save-file.ts';
import type { Items } from './service-client.ts';
import { serviceCommand } from './service-command.ts';

/** `omnidial documents`: receipts, invoices, credit notes and statements (R23, R24). */
export const documents = serviceCommand('documents', [
  {
    name: 'list',
    summary: 'receipts, invoices, credit notes and statements, newest first',
    arguments: [],
    options: {
      ...MEMBER_OPTION,
      kind: { value: '<kind>', about: 'receipt, invoice, credit-note or settlement-statement' },
      ...PAGE_OPTIONS,
    },
    run: async (call) => {
      const { client, option, show } = call;
      const query = { memberId: option('member'), kind: option('kind'), ...pageAsked(call) };
      show.list(await client.get<Items<DocumentListed>>('/v1/documents', query), [
        { title: 'document', of: ({ id }) => id },
        { title: 'number', of: ({ number }) => number },
        { title: 'kind', of: ({ kind }) => kind },
        { title: 'about', of: ({ subject }) => `${subject.kind}/${subject.id}` },
        { title: 'issued', of: ({ issuedAt }) => issuedAt.slice(0, 10) },
        { title: 'total', of: ({ total }) => `${total.amount} ${total.currency}` },
      ]);
    },
  },
  {
    name: 'save',
    summary: 'saves a document as PDF, in a file that is not there yet',
    arguments: ['document', 'file.pdf'],
    run: async ({ client, argument, show }) => {
      const path = argument('file.pdf');
      const pdf = await client.getFile(pathOf('documents', argument('document'), 'pdf'), 'application/pdf');
      saveBytes(path, pdf);
      show.text({ saved: path, bytes: pdf.length }, `${path} is saved.\n`);
    },
  },
]);
