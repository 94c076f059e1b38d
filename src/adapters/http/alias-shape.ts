import { z } from 'zod';
import { ALIAS_KINDS, type Alias, leadsToMember } from '../../domain/members/index.ts';
import { ownershipRecordOf } from '../../services/look-for-record.ts';
import type { FollowMeState } from '../../services/set-follow-me.ts';
import { definite } from './definite.ts';
import { time, timeText } from './responses.ts';

export const aliasKind = z.enum(ALIAS_KINDS);

export const aliasShown = z
  .object({
    id: z.string(),
    memberId: z.string(),
    kind: aliasKind,
    value: z
      .string()
      .describe('In its canonical form: `+82262006200`, `alice@acme.example`, `xn--3e0b707e.kr`.'),
    operatorId: z.string().optional(),
    fallbackCountryCode: z.string().optional().describe('The branch that calls reach from other countries.'),
    state: z.enum(['claimed', 'challenged', 'proven', 'due-again', 'lapsed', 'removed']),
    leadsToMember: z.boolean().describe('Whether calls to it reach the member now.'),
    claimedAt: time,
    provenAt: time.optional(),
    lapsesAt: time.optional().describe('When it stops leading to the member, unless it is proven again.'),
    lapsedAt: time.optional(),
    lapseReason: z
      .enum(['not-confirmed', 'record-missing', 'proven-by-another'])
      .optional()
      .describe('Why it stopped leading to the member.'),
    code: z
      .object({ expiresAt: time, triesLeft: z.int() })
      .optional()
      .describe('The code that was sent last, while it can be used.'),
    record: z
      .object({ name: z.string(), type: z.literal('TXT'), text: z.string() })
      .optional()
      .describe('What the DNS has to say to prove a domain.'),
  })
  .meta({ id: 'Alias' });

export function shownAlias(alias: Alias): z.infer<typeof aliasShown> {
  const { proof } = alias;
  const record = ownershipRecordOf(alias);
  const code = 'code' in proof ? proof.code : undefined;
  const at = (ms: number | undefined) => (ms === undefined ? undefined : timeText(ms));
  return definite({
    id: alias.id,
    memberId: alias.memberId,
    kind: alias.kind,
    value: alias.value,
    operatorId: alias.operatorId,
    fallbackCountryCode: alias.fallbackCountryCode as string | undefined,
    state: proof.state,
    leadsToMember: leadsToMember(proof),
    claimedAt: timeText(alias.claimedAtMs),
    provenAt: at('provenAtMs' in proof ? proof.provenAtMs : undefined),
    lapsesAt: at('lapsesAtMs' in proof ? proof.lapsesAtMs : undefined),
    lapsedAt: at(proof.state === 'lapsed' ? proof.lapsedAtMs : undefined),
    lapseReason: proof.state === 'lapsed' ? proof.reason : undefined,
    code: code && { expiresAt: timeText(code.expiresAtMs), triesLeft: code.triesLeft },
    record: record && { ...record, type: 'TXT' as const },
  });
}

export const followMeShown = z
  .object({
    memberId: z.string(),
    number: z.string().describe('E.164.'),
    mode: z.enum(['with', 'after']),
    afterMs: z.int().describe('How long the other terminals ring alone; 0 where it rings with them.'),
    isActive: z.boolean().describe('False while the number is not proven to be the member’s.'),
  })
  .meta({ id: 'FollowMe' });

export function shownFollowMe({ followMe, isActive }: FollowMeState): z.infer<typeof followMeShown> {
  return { ...followMe, isActive };
}
