import { describe, expect, it } from 'vitest';
import { sipRequest, sipResponse } from '../../../../test/support/sip-messages.ts';
import type { BindingFlow } from '../../../domain/terminals/index.ts';
import { dialogOfUac } from '../../../protocols/sip/dialog/index.ts';
import { flowToBinding, flowWithin } from './reach.ts';

const UDP: BindingFlow = { transport: 'udp', address: '192.0.2.1', port: 5060 };
const TCP: BindingFlow = { transport: 'tcp', address: '192.0.2.1', port: 40_001, connection: 7 };
const UDP6: BindingFlow = { transport: 'udp', address: '2001:db8::1', port: 40_000 };

function reached(contact: string, flow: BindingFlow): unknown {
  return flowToBinding({ contact, flow, callId: '', cseq: 1, priority: 1_000, expiresAtMs: 0 });
}

describe('the way to a phone that registered', () => {
  it('RFC 5626 §5.3: over a connection it is that connection, whatever the Contact says', () => {
    expect(reached('sip:bob@192.0.2.1:5060;transport=tcp', TCP)).toBe(TCP);
    expect(reached('sip:bob@10.0.0.1', TCP)).toBe(TCP);
  });

  it.each([
    ['sip:bob@192.0.2.1:5070', { transport: 'udp', address: '192.0.2.1', port: 5_070 }],
    ['sip:bob@192.0.2.1', UDP],
    ['sip:bob@192.0.2.1;transport=tcp', { transport: 'tcp', address: '192.0.2.1', port: 5_060 }],
    ['<sip:bob@192.0.2.1>', UDP],
  ])('over UDP it is the address in the Contact where the phone sent from there: %s', (contact, flow) => {
    expect(reached(contact, UDP)).toEqual(flow);
  });

  it.each(['sip:bob@10.0.0.1:5070', 'sip:bob@phone.example:5070', 'sip:bob@192.0.2.10:5070'])(
    'behind a NAT it is the way the REGISTER came: %s',
    (contact) => {
      expect(reached(contact, UDP)).toBe(UDP);
    },
  );

  it('IPv6 addresses stand in brackets in the Contact', () => {
    expect(reached('sip:bob@[2001:db8::1]:5070', UDP6)).toEqual({ ...UDP6, port: 5_070 });
    expect(reached('sip:bob@[2001:db8::2]:5070', UDP6)).toBe(UDP6);
  });
});

describe('RFC 3261 §12.2.1.1: the way within a dialog', () => {
  const invite = sipRequest('INVITE');
  const within = (headers: Readonly<Record<string, string>>, flow: BindingFlow) => {
    const dialog = dialogOfUac(invite, sipResponse(invite, 200, headers));
    return dialog.ok ? flowWithin(dialog.value, flow) : undefined;
  };

  it('follows a phone that moved to another port, and not to another address', () => {
    expect(within({ Contact: '<sip:bob@192.0.2.1:5090>' }, UDP)).toEqual({ ...UDP, port: 5_090 });
    expect(within({ Contact: '<sip:bob@192.0.2.9:5090>' }, UDP)).toBe(UDP);
    expect(within({ Contact: '<sip:bob@192.0.2.1:5090>' }, TCP)).toBe(TCP);
  });
});
