import type { RegistrationShown, TerminalShown, TerminalWithPasswordShown } from '../adapters/http/index.ts';
import { countryCodeAsked, given, MEMBER_OPTION, pathOf } from './asked.ts';
import type { Items } from './service-client.ts';
import { serviceCommand, type Verb } from './service-command.ts';
import type { Column } from './table.ts';

const TERMINAL: readonly Column<TerminalShown>[] = [
  { title: 'terminal', of: ({ id }) => id },
  { title: 'name', of: ({ name }) => name },
  { title: 'SIP user', of: ({ user }) => user },
  { title: 'country', of: ({ countryCode }) => countryCode },
  { title: 'branch', of: ({ branchCountryCode }) => branchCountryCode },
];

const WITH_PASSWORD: readonly Column<TerminalWithPasswordShown>[] = [
  { title: 'terminal', of: ({ terminal }) => terminal.id },
  { title: 'SIP user', of: ({ terminal }) => terminal.user },
  { title: 'password (shown this once)', of: ({ password }) => password },
  { title: 'domain', of: ({ realm }) => realm },
];

const VERBS: readonly Verb[] = [
  {
    name: 'add',
    summary: 'adds a terminal; its password is shown this once (R18)',
    arguments: [],
    options: {
      name: { value: '<name>', about: 'phone on my desk', isRequired: true },
      country: { value: '<country>', about: 'where it is: KR or 082', isRequired: true },
      branch: { value: '<country>', about: 'the branch it rings for; that of its country where absent' },
      ...MEMBER_OPTION,
    },
    run: async ({ client, option, show }) => {
      const body = given({
        name: option('name'),
        countryCode: countryCodeAsked(option('country')),
        branchCountryCode: countryCodeAsked(option('branch')),
        memberId: option('member'),
      });
      show.one(await client.post<TerminalWithPasswordShown>('/v1/terminals', body), WITH_PASSWORD);
    },
  },
  {
    name: 'list',
    summary: 'the terminals of a member',
    arguments: [],
    options: MEMBER_OPTION,
    run: async ({ client, option, show }) => {
      const query = { memberId: option('member') };
      show.list(await client.get<Items<TerminalShown>>('/v1/terminals', query), TERMINAL);
    },
  },
  {
    name: 'registered',
    summary: 'the phones that are registered now',
    arguments: [],
    options: MEMBER_OPTION,
    run: async ({ client, option, show }) => {
      const query = { memberId: option('member') };
      show.list(await client.get<Items<RegistrationShown>>('/v1/registrations', query), [
        { title: 'SIP user', of: ({ user }) => user },
        { title: 'terminal', of: ({ terminalId }) => terminalId },
        { title: 'reached at', of: ({ reachedAt }) => reachedAt },
        { title: 'contact', of: ({ contact }) => contact },
        { title: 'until', of: ({ expiresAt }) => expiresAt },
      ]);
    },
  },
  {
    name: 'password',
    summary: 'gives a terminal a new password, shown this once',
    arguments: ['terminal'],
    run: async ({ client, argument, show }) => {
      const path = pathOf('terminals', argument('terminal'), 'password');
      show.one(await client.post<TerminalWithPasswordShown>(path), WITH_PASSWORD);
    },
  },
  {
    name: 'remove',
    summary: 'removes a terminal, for good',
    arguments: ['terminal'],
    options: { confirm: { value: '<SIP user>', about: 'its SIP user name', isRequired: true } },
    run: async ({ client, argument, option, show }) => {
      const confirmation = new URLSearchParams({ confirmation: option('confirm') ?? '' });
      await client.delete(`${pathOf('terminals', argument('terminal'))}?${confirmation}`);
      show.text({ removed: argument('terminal') }, 'The terminal is removed.\n');
    },
  },
];

/** `omnidial terminals`: what can ring and call for a member (R18). */
export const terminals = serviceCommand('terminals', VERBS);
