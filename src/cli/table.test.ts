import { describe, expect, it } from 'vitest';
import { card, table } from './table.ts';

describe('tables', () => {
  it('are aligned by what letters take on a terminal', () => {
    const columns = [
      { title: 'name', of: ({ name }: { name: string; age?: number }) => name },
      { title: 'age', of: ({ age }: { name: string; age?: number }) => age },
    ];
    expect(table([{ name: '김철수', age: 7 }, { name: 'Bo' }], columns)).toBe('name    age\n김철수  7\nBo\n');
  });

  it('let no text steer the terminal', () => {
    expect(table(['a\u001b[31mb\u202ec'], [{ title: 'text', of: (text) => text }])).toBe(
      'text\na\ufffd[31mb\ufffdc\n',
    );
  });

  it('show one item as lines and leave out what it does not have', () => {
    const columns = [
      { title: 'id', of: (item: { id: string; name?: string }) => item.id },
      { title: 'name', of: (item: { id: string; name?: string }) => item.name },
    ];
    expect(card({ id: '7' }, columns)).toBe('id:   7\n');
  });
});
