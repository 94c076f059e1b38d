import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseUri, unescapeUser } from '../../../protocols/sip/message/index.ts';
import { readTarget } from './target.ts';

describe('R12: whatever is typed can be dialled', () => {
  it.each([
    ['6200-6200#082', 'sip:62006200%23082@pbx.example'],
    ['6200-6200＃082', 'sip:62006200%23082@pbx.example'],
    ['6200-6200*082', 'sip:62006200*082@pbx.example'],
    ['02-6200-6200-082', 'sip:0262006200082@pbx.example'],
    ['+82 (2) 6200.6200', 'sip:+82262006200@pbx.example'],
    ['alice@acme.example', 'sip:alice%40acme.example@pbx.example'],
    ['acme.example', 'sip:acme.example@pbx.example'],
    ['tel:+82262006200', 'sip:tel%3A+82262006200@pbx.example'],
    ['sip:bob@192.0.2.7:5070', 'sip:bob@192.0.2.7:5070'],
  ])('%s', (typed, uri) => {
    expect(readTarget(typed, 'pbx.example')).toEqual({ ok: true, uri });
  });

  it.each(['', '  ', '--', 'sip:', 'sip:a b@c'])('"%s" is nothing to dial', (typed) => {
    expect(readTarget(typed, 'pbx.example').ok).toBe(false);
  });

  it('without a server only a URI can be called', () => {
    expect(readTarget('123', undefined).ok).toBe(false);
    expect(readTarget('sip:bob@192.0.2.7', undefined).ok).toBe(true);
  });

  it('any text becomes a URI that is valid and says the same', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (typed) => {
        const target = readTarget(typed, 'pbx.example');
        if (!target.ok || /^\s*sips?:/i.test(typed)) return;
        const uri = parseUri(target.uri);
        expect(uri.ok).toBe(true);
        const user = uri.ok ? unescapeUser(uri.value.user ?? '') : '';
        const withoutSeparators = (text: string) => text.normalize('NFKC').replaceAll(/[\s\-.()/]/g, '');
        expect(withoutSeparators(user)).toBe(withoutSeparators(typed));
      }),
    );
  });
});
