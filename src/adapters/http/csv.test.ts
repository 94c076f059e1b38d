import Fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { type CsvColumn, sendCsv } from './csv.ts';

describe('R23: files for accountants', () => {
  it('have no cell that a spreadsheet would run', async () => {
    const names = [
      '=HYPERLINK("https://evil.example")',
      '@SUM(A1)',
      '+1+cmd|x',
      '-2+3',
      '-12.50',
      '+4420',
      'U.K.',
    ];
    const columns: readonly CsvColumn<string>[] = [['destination', (name) => name]];
    const server = Fastify();
    server.get('/', (_, reply) => sendCsv(reply, 'charges.csv', pages(names), columns));
    const answer = await server.inject('/');
    await server.close();
    expect(answer.body).toBe(
      [
        'destination',
        `"'=HYPERLINK(""https://evil.example"")"`,
        "'@SUM(A1)",
        "'+1+cmd|x",
        "'-2+3",
        '-12.50',
        '+4420',
        'U.K.',
        '',
      ].join('\n'),
    );
  });
});

async function* pages(names: readonly string[]): AsyncGenerator<readonly string[]> {
  yield names;
}
