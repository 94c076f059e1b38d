import type { AliasShown, FollowMeShown } from '../adapters/http/index.ts';
import { countryCodeAsked, given, MEMBER_OPTION, pathOf } from './asked.ts';
import type { Items } from './service-client.ts';
import { CalledWrongly, serviceCommand, type Verb } from './service-command.ts';
import type { Column } from './table.ts';

const ALIAS: readonly Column<AliasShown>[] = [
  { title: 'alias', of: ({ id }) => id },
  { title: 'kind', of: ({ kind }) => kind },
  { title: 'value', of: ({ value }) => value },
  { title: 'operator', of: ({ operatorId }) => operatorId },
  { title: 'state', of: ({ state }) => state },
  { title: 'reaches you', of: ({ leadsToMember }) => (leadsToMember ? 'yes' : 'no') },
  { title: 'until', of: ({ lapsesAt }) => lapsesAt },
  { title: 'DNS record', of: ({ record }) => record && `${record.name} TXT "${record.text}"` },
];

const FOLLOW_ME: readonly Column<FollowMeShown>[] = [
  { title: 'telephone', of: ({ number }) => number },
  {
    title: 'rings',
    of: ({ mode, afterMs }) => (mode === 'with' ? 'with the others' : `after ${afterMs / 1000} s`),
  },
  { title: 'active', of: ({ isActive }) => (isActive ? 'yes' : 'no: it is not proven') },
];

const VERBS: readonly Verb[] = [
  {
    name: 'list',
    summary: 'telephones, numbers at operators, addresses and domains that lead to a member',
    arguments: [],
    options: MEMBER_OPTION,
    run: async ({ client, option, show }) => {
      const query = { memberId: option('member') };
      show.list(await client.get<Items<AliasShown>>('/v1/aliases', query), ALIAS);
    },
  },
  {
    name: 'add',
    summary: 'says that it is yours; a code is sent, or a DNS record asked for (R17, R19)',
    arguments: ['kind', 'value'],
    options: {
      operator: { value: '<id>', about: 'of an operator’s number: whose' },
      fallback: { value: '<country>', about: 'of a domain: the branch for callers from other countries' },
      ...MEMBER_OPTION,
    },
    run: async ({ client, argument, option, show }) => {
      const body = given({
        kind: argument('kind'),
        value: argument('value'),
        operatorId: option('operator'),
        fallbackCountryCode: countryCodeAsked(option('fallback')),
        memberId: option('member'),
      });
      show.one(await client.post<AliasShown>('/v1/aliases', body), ALIAS);
    },
  },
  {
    name: 'code',
    summary: 'sends a new code',
    arguments: ['alias'],
    run: async ({ client, argument, show }) => {
      const path = pathOf('aliases', argument('alias'), 'code');
      show.one(await client.post<AliasShown>(path), ALIAS);
    },
  },
  {
    name: 'confirm',
    summary: 'proves it by the code, or looks for the record of a domain',
    arguments: ['alias'],
    options: { code: { value: '<code>', about: 'six digits; not for domains' } },
    run: async ({ client, argument, option, show }) => {
      const path = pathOf('aliases', argument('alias'), 'confirmation');
      show.one(await client.post<AliasShown>(path, given({ code: option('code') })), ALIAS);
    },
  },
  {
    name: 'remove',
    summary: 'removes it: calls to it reach the member no more',
    arguments: ['alias'],
    options: { confirm: { value: '<value>', about: 'the number, address or domain', isRequired: true } },
    run: async ({ client, argument, option, show }) => {
      const confirmation = new URLSearchParams({ confirmation: option('confirm') ?? '' });
      await client.delete(`${pathOf('aliases', argument('alias'))}?${confirmation}`);
      show.text({ removed: argument('alias') }, 'It is removed.\n');
    },
  },
  {
    name: 'follow-me',
    summary: 'shows, sets or ends that a member’s telephone rings (R18)',
    arguments: ['member'],
    options: {
      number: { value: '<number>', about: 'a proven telephone of the member' },
      after: { value: '<seconds>', about: 'how long the other terminals ring alone; with them where absent' },
      off: { value: 'yes', about: 'lets it ring no more' },
    },
    run: async ({ client, argument, option, show }) => {
      const path = pathOf('members', argument('member'), 'follow-me');
      const number = option('number');
      if (option('off') !== undefined) {
        await client.delete(path);
        show.text({ followMe: null }, 'The telephone rings no more.\n');
      } else if (number === undefined) {
        show.one(await client.get<FollowMeShown>(path), FOLLOW_ME);
      } else {
        const body = { number, ...ringing(option('after')) };
        show.one(await client.put<FollowMeShown>(path, body), FOLLOW_ME);
      }
    },
  },
];

function ringing(seconds: string | undefined) {
  if (seconds === undefined) return { mode: 'with' };
  if (!/^\d{1,2}$/.test(seconds)) throw new CalledWrongly(`"${seconds}" is not a number of seconds.`);
  return { mode: 'after', afterMs: Number(seconds) * 1000 };
}

/** `omnidial aliases`: what else than the numbers bought leads to a member (R17, R18, R19). */
export const aliases = serviceCommand('aliases', VERBS);
