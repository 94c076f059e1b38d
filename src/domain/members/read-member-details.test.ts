import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MemberForm, readMemberDetails } from './read-member-details.ts';
import { readableCode } from './readable-code.ts';

const FORM: MemberForm = {
  identity: { name: ' 김미나 ', address: '서울', documentReference: 'M1' },
  language: 'ko',
  email: ' Mina@Mail.Example ',
  reachableNumber: '+82 (0)2-6200-6200',
  numbersElsewhere: [{ operator: ' Dialpad ', number: '070-1' }],
};

describe('R10: the registration form', () => {
  it('is read into what is stored', () => {
    expect(readMemberDetails(FORM)).toEqual({
      ok: true,
      value: {
        identity: { name: '김미나', address: '서울', documentReference: 'M1' },
        language: 'ko',
        email: 'mina@mail.example',
        reachableNumber: '+82262006200',
        numbersElsewhere: [{ operator: 'Dialpad', number: '070-1' }],
      },
    });
  });

  it.each<[Partial<MemberForm>, string, string]>([
    [{ identity: { name: ' ', address: 'x' } }, 'request-invalid', '/identity/name'],
    [{ identity: { name: 'x', address: 'x\u0000' } }, 'request-invalid', '/identity/address'],
    [{ identity: { name: 'x'.repeat(301), address: 'x' } }, 'request-invalid', '/identity/name'],
    [{ email: 'mina' }, 'email-invalid', '/email'],
    [{ email: 'a@b@c.example' }, 'email-invalid', '/email'],
    [{ email: 'mi\u0000na@mail.example' }, 'email-invalid', '/email'],
    [{ reachableNumber: '02-6200-6200' }, 'e164-malformed', '/reachableNumber'],
    [{ numbersElsewhere: [{ operator: 'x', number: '' }] }, 'request-invalid', '/numbersElsewhere/0/number'],
    [
      { numbersElsewhere: Array(21).fill({ operator: 'x', number: '1' }) },
      'request-invalid',
      '/numbersElsewhere',
    ],
  ])('%j is refused with %s at %s', (change, code, pointer) => {
    expect(readMemberDetails({ ...FORM, ...change })).toMatchObject({ refusal: { code, pointer } });
  });
});

describe('R18: codes that are read aloud', () => {
  it('keep every bit, and have no letters that are taken for others', () => {
    const bytes = fc.uint8Array({ minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(bytes, bytes, (one, other) => {
        expect(readableCode(one)).toMatch(/^[0-9a-hjkmnp-tv-z]{8}$/);
        expect(readableCode(one) === readableCode(other)).toBe(one.join() === other.join());
      }),
    );
    expect(readableCode(Uint8Array.of(0, 0, 0, 0, 31))).toBe('0000000z');
  });
});
