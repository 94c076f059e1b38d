import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Tariffs } from '../../services/keep-tariffs.ts';
import type {
  Blocks,
  CallRecordStore,
  CallTraces,
  DocumentPrinter,
  Explanations,
  RegistrationsView,
  ServicePorts,
  TrunkStates,
} from '../../services/ports/index.ts';
import type { SignIn } from '../accounts/index.ts';

/** What the routes stand on. */
export type FacePorts = {
  readonly services: ServicePorts;
  readonly signIn: SignIn;
  readonly calls: Pick<CallRecordStore, 'find' | 'list'>;
  readonly traces: CallTraces;
  readonly documentPrinter: DocumentPrinter;
  readonly explanations: Explanations;
  readonly registrations: RegistrationsView;
  readonly blocks: Blocks;
  readonly trunkStates: TrunkStates;
  readonly tariffs: Pick<Tariffs, 'find' | 'refresh' | 'rowFor'>;
  /** Why the service cannot work at the moment, each reason a sentence; empty where it can. */
  readonly hindrances: () => Promise<readonly string[]>;
};

/** The server as routes are added to it: their schemas are zod's, and type what handlers get and give. */
export type Face = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** A group of routes. */
export type Routes = (face: Face, ports: FacePorts) => void;
