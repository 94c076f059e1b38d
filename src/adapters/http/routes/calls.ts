import { z } from 'zod';
import type { Actor } from '../../../domain/members/index.ts';
import { memberIdOf, permit } from '../../../domain/members/index.ts';
import { parseCountryCode } from '../../../domain/numbering/index.ts';
import { pageOf as pageOfItems } from '../../../services/page.ts';
import type { CallRecord, ExplainedRing } from '../../../services/ports/index.ts';
import { callShown, callStatus, maySeeBothSides, maySeeCall, shownCall } from '../call-shape.ts';
import { definite } from '../definite.ts';
import type { FacePorts, Routes } from '../face.ts';
import { line } from '../line.ts';
import { accepted, notFound, refused } from '../problem.ts';
import { pageOf, pageQuery, problems, shownPage, time, timeText } from '../responses.ts';
import { countryCodeText, id, idParams } from '../shapes.ts';

export const traceShown = z
  .object({
    messages: z.array(
      z.object({
        at: time,
        direction: z.enum(['received', 'sent']),
        from: z.string(),
        to: z.string(),
        text: z.string().describe('As on the wire, without credentials.'),
      }),
    ),
  })
  .meta({ id: 'CallTrace' });

/** Calls made and received, and their SIP messages. */
export const callRoutes: Routes = (face, { calls, services, traces }) => {
  face.route({
    method: 'GET',
    url: '/v1/calls',
    schema: {
      summary: 'Calls, newest first',
      tags: ['calls'],
      querystring: pageQuery.extend({
        status: callStatus.optional(),
        memberId: id.optional().describe('Whose; operators see everybody’s without it.'),
      }),
      response: { 200: pageOf(callShown), ...problems(401, 403, 404) },
    },
    handler: async ({ actor, query }) => {
      const memberId = query.memberId ?? memberIdOf(actor);
      accepted(permit(actor, 'see-calls', memberId));
      const { limit, status, after } = query;
      const read = await calls.list(definite({ memberId, status, before: after, limit: limit + 1 }));
      return shownPage(
        pageOfItems(read, limit, (call) => call.id),
        (call) => shownCall(actor, call),
      );
    },
  });
  face.route({
    method: 'GET',
    url: '/v1/calls/:id',
    schema: {
      summary: 'One call',
      tags: ['calls'],
      params: idParams,
      response: { 200: callShown, ...problems(401, 403, 404) },
    },
    handler: async ({ actor, params }) => {
      const call = await callFor(calls, actor, params.id);
      return shownCall(actor, call, await services.charges.ofCall(call.id));
    },
  });
  face.route({
    method: 'GET',
    url: '/v1/calls/:id/trace',
    schema: {
      summary: 'The SIP messages of a recent call',
      description:
        'For operators, and where both parties are the same member: messages hold the addresses of both.',
      tags: ['calls'],
      params: idParams,
      response: { 200: traceShown, ...problems(401, 403, 404) },
    },
    handler: async ({ actor, params }) => {
      const call = await callFor(calls, actor, params.id);
      if (!maySeeBothSides(actor, call)) {
        throw refused('not-permitted', 'The messages show the other party’s addresses: ask an operator.');
      }
      const messages = traces.find(call.id);
      if (messages === undefined) {
        throw refused('trace-not-kept', 'Messages are kept for recent calls only, and not over a restart.');
      }
      return { messages: messages.map(({ atMs, ...message }) => ({ at: timeText(atMs), ...message })) };
    },
  });
};

async function callFor(calls: FacePorts['calls'], actor: Actor, callId: string): Promise<CallRecord> {
  const call = await calls.find(callId);
  if (call === undefined || !maySeeCall(actor, call)) throw notFound('call');
  return call;
}

const explainedRing = z.object({
  branch: z
    .int()
    .describe('Those of one branch are tried one after the other; branches ring at the same time.'),
  order: z.int().describe('The place in its branch.'),
  afterMs: z.int().describe('How long the branches before ring alone.'),
  terminalId: z.string().optional().describe('A terminal of a member.'),
  trunk: z.string().optional().describe('A way to another network.'),
  gateway: z.string().optional(),
  centre: z.string().optional().describe('The centre that carries it.'),
  number: z.string().optional().describe('The number as it would be sent there.'),
  address: z.string().optional().describe('The SIP address of somebody who is no member.'),
});

export const explanationShown = z
  .object({
    text: z.string(),
    from: z.string(),
    decisions: z.array(z.object({ step: z.string(), outcome: z.string(), because: z.string() })),
    rings: z.array(explainedRing).optional().describe('What would ring, in the order it would be asked.'),
    refusal: z
      .object({ code: z.string(), detail: z.string() })
      .optional()
      .describe('What the caller would get.'),
  })
  .meta({ id: 'RouteExplanation' });

/** A dry run of the exchange: every decision in order (R12, R13). */
export const explanationRoutes: Routes = (face, { explanations }) => {
  face.route({
    method: 'POST',
    url: '/v1/route-explanations',
    schema: {
      summary: 'What would happen if this were dialled, and why (operator)',
      tags: ['calls'],
      body: z.strictObject({
        text: line(256).describe('Anything that can be dialled.'),
        from: countryCodeText.describe('Where the caller is: `082`.'),
        memberId: id.optional().describe('Who calls.'),
      }),
      response: { 200: explanationShown, ...problems(401, 403, 422) },
    },
    handler: async ({ actor, body }) => {
      accepted(permit(actor, 'watch-exchange'));
      const from = accepted(parseCountryCode(body.from));
      const explained = await explanations.explain(body.text, definite({ from, memberId: body.memberId }));
      const { text, decisions, result } = explained;
      return {
        text,
        from: explained.from,
        decisions: decisions.map((decision) => ({ ...decision })),
        ...(result.ok
          ? { rings: result.value.rings.map(ringShown) }
          : { refusal: refusalShown(result.refusal) }),
      };
    },
  });
};

function ringShown({ party, ...place }: ExplainedRing): z.infer<typeof explainedRing> {
  switch (party.kind) {
    case 'terminal':
      return { ...place, terminalId: party.terminalId };
    case 'trunk': {
      const { trunk, gateway, centre, number } = party;
      return { ...place, trunk, gateway, centre, number };
    }
    case 'voice':
      return place;
    case 'address':
      return { ...place, address: party.uri };
  }
}

function refusalShown({ code, detail }: { readonly code: string; readonly detail: string }) {
  return { code, detail };
}

export const registrationShown = z
  .object({
    memberId: z.string(),
    terminalId: z.string(),
    user: z.string(),
    contact: z.string().describe('As the phone gave it.'),
    reachedAt: z.string().describe('Where it is reached: `udp 192.0.2.1:5060`.'),
    expiresAt: time,
  })
  .meta({ id: 'Registration' });

/** Who is registered at this moment. */
export const registrationRoutes: Routes = (face, { registrations }) => {
  face.route({
    method: 'GET',
    url: '/v1/registrations',
    schema: {
      summary: 'The phones that are registered now',
      tags: ['calls'],
      querystring: z.object({
        memberId: id.optional().describe('Whose; operators see everybody’s without it.'),
      }),
      response: { 200: pageOf(registrationShown), ...problems(401, 403, 404) },
    },
    handler: async ({ actor, query }) => {
      const memberId = query.memberId ?? memberIdOf(actor);
      accepted(permit(actor, memberId === undefined ? 'watch-exchange' : 'see-terminals', memberId));
      const phones = registrations.of(memberId);
      return {
        items: phones.map(({ expiresAtMs, ...phone }) => ({ ...phone, expiresAt: timeText(expiresAtMs) })),
      };
    },
  });
};
