import type { BranchShown, MemberOverviewShown, MemberShown } from '../adapters/http/index.ts';
import { countryCodeAsked, given, PAGE_OPTIONS, pageAsked, pathOf } from './asked.ts';
import type { Items } from './service-client.ts';
import { serviceCommand, type Verb, type VerbOption } from './service-command.ts';
import { type Column, card, table } from './table.ts';

const MEMBER: readonly Column<MemberShown>[] = [
  { title: 'member', of: ({ id }) => id },
  { title: 'kind', of: ({ kind }) => kind },
  { title: 'name', of: ({ identity }) => identity.name },
  { title: 'address', of: ({ identity }) => identity.address },
  { title: 'language', of: ({ language }) => language },
  { title: 'e-mail', of: ({ email }) => email },
  { title: 'reachable at', of: ({ reachableNumber }) => reachableNumber },
];

const BRANCH: readonly Column<BranchShown>[] = [
  { title: 'country', of: ({ countryCode }) => countryCode },
  { title: 'branch', of: ({ name }) => name },
];

const COUNTRY: VerbOption = { value: '<country>', about: 'KR or 082', isRequired: true };

const VERBS: readonly Verb[] = [
  {
    name: 'create',
    summary: 'registers a member (R10)',
    arguments: [],
    options: {
      kind: { value: 'individual|enterprise', about: 'what it is', isRequired: true },
      name: { value: '<name>', about: 'of the person, or the firm', isRequired: true },
      address: { value: '<text>', about: 'where it is', isRequired: true },
      email: { value: '<address>', about: 'where to write to', isRequired: true },
      reachable: { value: '<number>', about: 'a PSTN telephone, E.164: +82262006200', isRequired: true },
      language: { value: 'ko|en|ja', about: 'en where absent' },
      document: { value: '<text>', about: 'what proves the identity' },
      user: { value: '<id>', about: 'whose account it becomes, where an operator registers' },
    },
    run: async ({ client, option, show }) => {
      const identity = given({
        name: option('name'),
        address: option('address'),
        documentReference: option('document'),
      });
      const body = given({
        kind: option('kind'),
        identity,
        language: option('language') ?? 'en',
        email: option('email'),
        reachableNumber: option('reachable'),
        userId: option('user'),
      });
      show.one(await client.post<MemberShown>('/v1/members', body), MEMBER);
    },
  },
  {
    name: 'show',
    summary: 'everything stored about a member (R11)',
    arguments: ['member'],
    run: async ({ client, argument, show }) => {
      const overview = await client.get<MemberOverviewShown>(pathOf('members', argument('member')));
      show.text(overview, overviewText(overview));
    },
  },
  {
    name: 'list',
    summary: 'members, newest first (operator)',
    arguments: [],
    options: { kind: { value: 'individual|enterprise', about: 'those only' }, ...PAGE_OPTIONS },
    run: async (call) => {
      const query = { kind: call.option('kind'), ...pageAsked(call) };
      call.show.list(await call.client.get<Items<MemberShown>>('/v1/members', query), MEMBER);
    },
  },
  {
    name: 'branches',
    summary: 'the branches of an enterprise',
    arguments: ['member'],
    run: async ({ client, argument, show }) =>
      show.list(
        await client.get<Items<BranchShown>>(pathOf('members', argument('member'), 'branches')),
        BRANCH,
      ),
  },
  {
    name: 'open-branch',
    summary: 'opens the branch that the number with # and this country reaches (R3)',
    arguments: ['member'],
    options: { country: COUNTRY, name: { value: '<name>', about: 'Seoul office', isRequired: true } },
    run: async ({ client, argument, option, show }) => {
      const body = { countryCode: countryCodeAsked(option('country')), name: option('name') };
      show.one(
        await client.post<BranchShown>(pathOf('members', argument('member'), 'branches'), body),
        BRANCH,
      );
    },
  },
  {
    name: 'close-branch',
    summary: 'closes a branch',
    arguments: ['member'],
    options: { country: COUNTRY },
    run: async ({ client, argument, option, show }) => {
      const country = countryCodeAsked(option('country')) ?? '';
      await client.delete(pathOf('members', argument('member'), 'branches', country));
      show.text({ closed: country }, `The branch in ${country} is closed.\n`);
    },
  },
];

function overviewText({ member, numbers, branches, terminals }: MemberOverviewShown): string {
  const parts = [card(member, MEMBER)];
  if (numbers.length > 0) parts.push(table(numbers, [{ title: 'numbers', of: ({ text }) => text }]));
  if (branches.length > 0) parts.push(table(branches, BRANCH));
  if (terminals.length > 0) {
    const columns: readonly Column<(typeof terminals)[number]>[] = [
      { title: 'terminal', of: ({ id }) => id },
      { title: 'name', of: ({ name }) => name },
      { title: 'SIP user', of: ({ user }) => user },
      { title: 'country', of: ({ countryCode }) => countryCode },
    ];
    parts.push(table(terminals, columns));
  }
  return parts.join('\n');
}

/** `omnidial members`: registration and what is stored (R10, R11). */
export const members = serviceCommand('members', VERBS);
