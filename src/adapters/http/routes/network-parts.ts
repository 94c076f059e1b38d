import { z } from 'zod';
import { notFound } from '../../../domain/members/index.ts';
import { accept, type Fault, type Result } from '../../../domain/refusal/index.ts';
import { type NetworkView, setUpNetwork, viewNetwork } from '../../../services/set-up-network.ts';
import type { Face, FacePorts, Routes } from '../face.ts';
import { acceptedAt, networkPart, partName } from '../network-shape.ts';
import { accepted } from '../problem.ts';
import { noContent, pageOf, problems } from '../responses.ts';

type Kind = 'centres' | 'trunks' | 'operators';

type Parts = Readonly<Record<string, unknown>>;

const body = z.record(z.string(), z.unknown()).describe('As under its name in `examples/world.yaml`.');

const params = z.object({ name: partName });

/** Centres, trunks and operators, each by its name (R1). */
export const networkPartRoutes: Routes = (face, ports) => {
  partRoutes(face, ports, 'centres', 'centre');
  partRoutes(face, ports, 'trunks', 'trunk');
  partRoutes(face, ports, 'operators', 'other operator');
};

function partRoutes(face: Face, ports: FacePorts, kind: Kind, title: string): void {
  const { services } = ports;
  face.route({
    method: 'GET',
    url: `/v1/${kind}`,
    schema: {
      summary: `Every ${title} (operator)`,
      tags: ['network'],
      response: { 200: pageOf(networkPart), ...problems(401, 403) },
    },
    handler: async ({ actor }) => {
      const view = accepted(await viewNetwork(services, actor));
      return { items: Object.keys(view.world[kind]).map((name) => partOf(view, kind, name)) };
    },
  });
  face.route({
    method: 'GET',
    url: `/v1/${kind}/:name`,
    schema: {
      summary: `One ${title} (operator)`,
      tags: ['network'],
      params,
      response: { 200: networkPart, ...problems(401, 403, 404) },
    },
    handler: async ({ actor, params: { name } }) => {
      const view = accepted(await viewNetwork(services, actor));
      accepted(foundIn(view.world[kind], name));
      return partOf(view, kind, name);
    },
  });
  changeRoutes(face, ports, kind, title);
}

function changeRoutes(face: Face, { services }: FacePorts, kind: Kind, title: string): void {
  face.route({
    method: 'PUT',
    url: `/v1/${kind}/:name`,
    schema: {
      summary: `Set up a ${title}, anew or in the place of the one of this name (operator)`,
      tags: ['network'],
      params,
      body,
      response: { 200: networkPart, ...problems(401, 403, 409, 422) },
    },
    handler: async ({ actor, params: { name }, body: value }) => {
      const edit = (present: NetworkView['world']) =>
        accept({ ...present, [kind]: { ...present[kind], [name]: value } });
      return partOf(
        acceptedAt(await setUpNetwork(services, { actor, edit }), within(kind, name)),
        kind,
        name,
      );
    },
  });
  face.route({
    method: 'PATCH',
    url: `/v1/${kind}/:name`,
    schema: {
      summary: `Change parts of a ${title}; null takes a part away (operator)`,
      description: 'The state is a part: `draining` takes no new calls and carries those there are.',
      tags: ['network'],
      params,
      body,
      response: { 200: networkPart, ...problems(401, 403, 404, 409, 422) },
    },
    handler: async ({ actor, params: { name }, body: parts }) => {
      const edit = (present: NetworkView['world']) => {
        const old = foundIn(present[kind], name);
        if (!old.ok) return old;
        const value = { ...(old.value as Parts), ...parts };
        return accept({ ...present, [kind]: { ...present[kind], [name]: value } });
      };
      return partOf(
        acceptedAt(await setUpNetwork(services, { actor, edit }), within(kind, name)),
        kind,
        name,
      );
    },
  });
  face.route({
    method: 'DELETE',
    url: `/v1/${kind}/:name`,
    schema: {
      summary: `Remove a ${title} that is not used (operator)`,
      tags: ['network'],
      params,
      response: { 204: noContent, ...problems(401, 403, 404, 409, 422) },
    },
    handler: async ({ actor, params: { name } }, reply) => {
      const edit = (present: NetworkView['world']) => {
        const { [name]: _, ...others } = present[kind];
        const old = foundIn(present[kind], name);
        return old.ok ? accept({ ...present, [kind]: others }) : old;
      };
      acceptedAt(await setUpNetwork(services, { actor, edit }), within(kind, name));
      return reply.code(204).send();
    },
  });
}

function foundIn(parts: Parts, name: string): Result<unknown> {
  return Object.hasOwn(parts, name) ? accept(parts[name]) : notFound();
}

function partOf({ revision, world }: NetworkView, kind: Kind, name: string): z.infer<typeof networkPart> {
  return { revision: String(revision), name, value: world[kind][name] };
}

/** What is wrong with the part itself is in the body; what is wrong elsewhere by it says where in its sentence. */
function within(kind: Kind, name: string): (fault: Fault) => Fault {
  const own = `/${kind}/${name}`;
  return ({ pointer, detail }) =>
    pointer === own || pointer.startsWith(`${own}/`)
      ? { pointer: pointer.slice(own.length), detail }
      : { pointer: '', detail: `At ${pointer}: ${detail}` };
}
