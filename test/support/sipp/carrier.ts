import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SipRequest } from '../../../src/protocols/sip/message/index.ts';
import { type CarrierManner, carrierScenario } from './carrier-scenario.ts';
import { untilListening } from './listening.ts';
import { type ArrivedCall, callsIn, messagesIn, requestsIn } from './message-file.ts';
import { startSipp } from './run-sipp.ts';

export type CarrierOptions = CarrierManner & {
  readonly port: number;
  /** Of loopback: trunks are known by their addresses. */
  readonly address?: string;
  /** Where it takes sound; ten above its port unless another one is named. */
  readonly mediaPort?: number;
};

/** A carrier of the PSTN that treats every call alike. */
export type Carrier = {
  readonly address: string;
  readonly port: number;
  /** The calls that arrived so far. */
  calls(): readonly ArrivedCall[];
  /** The requests of a method that arrived so far, repeated ones too. */
  requests(method: string): readonly SipRequest[];
  /** Dies without a word to anybody. */
  close(): Promise<void>;
};

/** Starts a carrier and waits until it listens. */
export async function startCarrier(options: CarrierOptions): Promise<Carrier> {
  const { port, address = '127.0.0.1', mediaPort = port + 10 } = options;
  const folder = mkdtempSync(join(tmpdir(), 'omnidial-carrier-'));
  const messageFile = join(folder, 'messages.log');
  const sipp = startSipp({
    scenario: { xml: carrierScenario(options) },
    port,
    address,
    echoPort: mediaPort,
    messageFile,
  });
  await untilListening({ address, port, ended: sipp.ended.then(({ complaints }) => complaints) });
  let last: ReturnType<typeof messagesIn> | undefined;
  const messages = () => last ?? messagesIn(messageFile);
  return {
    address,
    port,
    calls: () => callsIn(messages()),
    requests: (method) => requestsIn(messages(), method),
    close: async () => {
      if (last !== undefined) return;
      last = messagesIn(messageFile);
      await sipp.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
