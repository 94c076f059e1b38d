import { describe, expect, it } from 'vitest';
import { sipRequest } from '../../../../test/support/sip-messages.ts';
import { printMessage } from '../../../protocols/sip/message/index.ts';
import { MessageTrace } from './message-trace.ts';

const PHONE = { transport: 'udp', address: '192.0.2.1', port: 5060 } as const;

function traceOf(mostBytes: number): {
  trace: MessageTrace;
  pass(sipCallId: string, headers?: object): void;
} {
  let nowMs = 0;
  const trace = new MessageTrace({
    clock: { nowMs: () => ++nowMs },
    localAddress: () => ({ transport: 'udp', address: '192.0.2.9', port: 5060 }),
    mostBytes,
  });
  return {
    trace,
    pass: (sipCallId, headers = {}) => {
      const message = sipRequest('INVITE', { headers: { 'Call-ID': sipCallId, ...headers } });
      trace.keep('received', printMessage(message), PHONE);
    },
  };
}

describe('the trace', () => {
  it('finds the messages of all dialogs of a call, in their order, and no others', () => {
    const { trace, pass } = traceOf(100_000);
    trace.belongs('a', 'call-1');
    trace.belongs('b', 'call-1');
    trace.belongs('c', 'call-2');
    for (const sipCallId of ['a', 'c', 'b', 'a']) pass(sipCallId);
    expect(trace.find('call-1')?.map(({ atMs, from, to }) => [atMs, from, to])).toEqual([
      [1, '192.0.2.1:5060', '192.0.2.9:5060'],
      [3, '192.0.2.1:5060', '192.0.2.9:5060'],
      [4, '192.0.2.1:5060', '192.0.2.9:5060'],
    ]);
    expect(trace.find('call-3')).toBeUndefined();
  });

  it('forgets the oldest messages, and shows no digest', () => {
    const { trace, pass } = traceOf(4_000);
    for (const name of ['a', 'b']) trace.belongs(name, `call-${name}`);
    pass('a');
    for (let count = 0; count < 16; count += 1)
      pass('b', { Authorization: 'Digest response="0123abc", uri="x"' });
    expect(trace.find('call-a')).toBeUndefined();
    const texts = trace.find('call-b')?.map(({ text }) => text) ?? [];
    expect(texts.length).toBeGreaterThan(4);
    expect(texts.join()).toContain('response="…", uri="x"');
    expect(texts.join()).not.toContain('0123abc');
  });
});
