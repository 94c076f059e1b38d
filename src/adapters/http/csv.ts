import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { quoted } from '../../domain/billing/tariffs/index.ts';

/** The answer of a route that gives a file of CSV, for its schema. */
export const csvResponse = {
  description: 'A line each, with a heading.',
  content: { 'text/csv': { schema: z.any().meta({ type: 'string' }) } },
};

/** A column of a file: its heading, and what stands in it. */
export type CsvColumn<Item> = readonly [heading: string, of: (item: Item) => string | number | undefined];

/** Sends pages of items as one file, page by page: of a million lines only a few thousand are in memory. */
export function sendCsv<Item>(
  reply: FastifyReply,
  fileName: string,
  pages: AsyncIterable<readonly Item[]>,
  columns: readonly CsvColumn<Item>[],
): FastifyReply {
  return reply
    .type('text/csv; charset=utf-8')
    .header('content-disposition', `attachment; filename="${fileName.replaceAll(/[^A-Za-z0-9._-]/g, '-')}"`)
    .send(Readable.from(textOf(pages, columns)));
}

async function* textOf<Item>(
  pages: AsyncIterable<readonly Item[]>,
  columns: readonly CsvColumn<Item>[],
): AsyncGenerator<string> {
  yield lineOf(columns.map(([heading]) => heading));
  for await (const page of pages) {
    yield page.map((item) => lineOf(columns.map(([, of]) => of(item)))).join('');
  }
}

function lineOf(cells: readonly (string | number | undefined)[]): string {
  return `${cells.map((cell) => quoted(asText(String(cell ?? '')))).join(',')}\n`;
}

/** Names come from the decks of others, and spreadsheets run what begins like a formula unless it is a number. */
function asText(cell: string): string {
  return /^[=+\-@]/.test(cell) && !/^[+-]?\d+(?:\.\d+)?$/.test(cell) ? `'${cell}` : cell;
}
