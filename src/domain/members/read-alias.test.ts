import { describe, expect, it } from 'vitest';
import type { AliasKind } from './alias.ts';
import { readAliasName } from './read-alias.ts';

function read(kind: AliasKind, value: string, operatorId?: string): string {
  const result = readAliasName(kind === 'domain' ? 'enterprise' : 'individual', { kind, value, operatorId });
  return result.ok ? result.value.value : result.refusal.code;
}

describe('R17, R19: what a member says leads to it', () => {
  it.each<[AliasKind, string, string, string?]>([
    ['pstn', '+82 (0)2-6200-6200', '+82262006200'],
    ['pstn', '02-6200-6200', 'e164-malformed'],
    ['operator', '070-1234-5678', '07012345678', 'dialpad'],
    ['operator', '070#123', 'request-invalid', 'dialpad'],
    ['operator', '112', 'request-invalid', 'dialpad'],
    ['operator', '07012345678', 'request-invalid'],
    ['email', ' Alice@ACME.Example ', 'alice@acme.example'],
    ['email', 'alice@한국.kr', 'alice@xn--3e0b707e.kr'],
    ['email', '엘리스@acme.example', 'email-invalid'],
    ['email', 'a@b', 'email-invalid'],
    ['email', `${'a'.repeat(65)}@acme.example`, 'email-invalid'],
    ['email', `${'a'.repeat(1_000_000)}@acme.example`, 'email-invalid'],
    ['email', 'alice@acme.example\r\nBcc: all@acme.example', 'email-invalid'],
    ['email', 'alice\n@acme.example', 'email-invalid'],
    ['email', 'alice@acme.example, bob@acme.example', 'email-invalid'],
    ['email', '"alice b"@acme.example', 'email-invalid'],
    ['email', '<alice@acme.example>', 'email-invalid'],
    ['email', 'alice@[127.0.0.1]', 'email-invalid'],
    ['domain', 'ACME.Example.', 'acme.example'],
    // Latin “a” and Cyrillic “а” are different domains, and stay so.
    ['domain', 'аcme.example', 'xn--cme-5cd.example'],
    ['domain', 'localhost', 'domain-invalid'],
    ['domain', '127.0.0.1', 'domain-invalid'],
    ['domain', 'acme.example/evil', 'domain-invalid'],
    ['domain', '_omnidial.acme.example', 'domain-invalid'],
  ])('%s %j is %s', (kind, value, expected, operatorId) => {
    expect(read(kind, value, operatorId)).toBe(expected);
  });

  it('gives addresses to individuals, and domains to enterprises', () => {
    const code = (kind: AliasKind, memberKind: 'individual' | 'enterprise') => {
      const result = readAliasName(memberKind, { kind, value: 'x' });
      return result.ok ? 'accepted' : result.refusal.code;
    };
    expect(code('domain', 'individual')).toBe('alias-kind-refused');
    expect(code('email', 'enterprise')).toBe('alias-kind-refused');
    expect(code('operator', 'enterprise')).toBe('alias-kind-refused');
  });
});
