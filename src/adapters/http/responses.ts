import { z } from 'zod';
import type { Page } from '../../services/page.ts';
import { line } from './line.ts';
import { problemSchema } from './problem.ts';
import { PROBLEM_MEDIA_TYPE } from './request-errors.ts';

const DESCRIPTIONS = {
  400: 'The request has the wrong form.',
  401: 'Nobody is signed in.',
  403: 'The role does not allow it.',
  404: 'There is no such thing, or it belongs to somebody else.',
  409: 'The present state of things does not allow it.',
  422: 'The request was understood and is refused for what it says.',
  429: 'Too many attempts.',
  500: 'The service failed.',
  503: 'Not possible at the moment.',
} as const;

type ProblemStatus = keyof typeof DESCRIPTIONS;

/** The error answers of a route for its schema; 400 and 500 are possible everywhere. */
export function problems<Status extends ProblemStatus>(...statuses: readonly Status[]) {
  const all = [400, ...statuses, 500] as readonly (Status | 400 | 500)[];
  return Object.fromEntries(all.map((status) => [status, problemResponse(status)])) as Record<
    Status | 400 | 500,
    ReturnType<typeof problemResponse>
  >;
}

function problemResponse(status: ProblemStatus) {
  return {
    description: DESCRIPTIONS[status],
    content: { [PROBLEM_MEDIA_TYPE]: { schema: problemSchema } },
  };
}

/** An answer without a body. */
export const noContent = z.undefined().describe('Done.');

/** A page of a list: `next` is the cursor of the following page, absent on the last one. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    next: z.string().optional().describe('Give this as `after` to get the following page.'),
  });
}

const MOST_ITEMS = 200;

/** The query of every list. */
export const pageQuery = z.object({
  after: line(100).optional().describe('The `next` of the page before.'),
  limit: z.coerce.number().int().min(1).max(MOST_ITEMS).default(50).describe('How many items at most.'),
});

/** A page as the API shows it. */
export function shownPage<Item, Shown>(
  page: Page<Item>,
  show: (item: Item) => Shown,
): { items: Shown[]; next?: string } {
  return { items: page.items.map(show), ...(page.next === undefined ? {} : { next: page.next }) };
}

/** Milliseconds since 1970 as the API writes times: RFC 3339 in UTC. */
export function timeText(atMs: number): string {
  return new Date(atMs).toISOString();
}

export const time = z.iso.datetime().describe('RFC 3339, UTC.');
