import { describe, expect, it } from 'vitest';
import { sipRequest, sipResponse } from '../../../../test/support/sip-messages.ts';
import type { Parsed } from '../message/index.ts';
import { confirmDialog, type Dialog, dialogOfUac, dialogOfUas, refreshTarget } from './dialog.ts';
import { dialogKey, dialogKeyOfRequest, dialogKeyOfResponse } from './matching.ts';

const recorded = { 'Record-Route': ['<sip:p3.example;lr>, <sip:p2.example;lr>', '<sip:p1.example;lr>'] };
const routes = ['<sip:p3.example;lr>', '<sip:p2.example;lr>', '<sip:p1.example;lr>'];
const bobsContact = '<sip:bob@192.0.2.2:5060>';

function opened(dialog: Parsed<Dialog>): Dialog {
  if (!dialog.ok) throw new Error(dialog.problem.detail);
  return dialog.value;
}

describe('RFC 3261 §12.1.1: the UAS opens a dialog', () => {
  const invite = sipRequest('INVITE', { headers: { ...recorded, CSeq: '7 INVITE' } });
  const dialog = opened(dialogOfUas(invite, sipResponse(invite, 200), bobsContact));

  it('the route set is the Record-Route of the request, in order', () => {
    expect(dialog.routeSet).toEqual(routes);
  });

  it('the remote target is the URI of the Contact of the request', () => {
    expect(dialog.remoteTarget).toBe('sip:alice@192.0.2.1:5060');
  });

  it('the remote sequence number is that of the request, the local one is empty', () => {
    expect(dialog).toMatchObject({ remoteCseq: 7, localCseq: 0 });
  });

  it('the remote URI and tag come from From, the local ones from To', () => {
    expect(dialog).toMatchObject({
      role: 'uas',
      state: 'confirmed',
      callId: 'call-1',
      localTag: 'bob-1',
      remoteTag: 'alice-1',
      localUri: 'Bob <sip:bob@biloxi.example>',
      remoteUri: 'Alice <sip:alice@atlanta.example>',
    });
  });

  it('a provisional answer, or a tag alone, opens an early dialog', () => {
    expect(opened(dialogOfUas(invite, sipResponse(invite, 180), bobsContact)).state).toBe('early');
    expect(opened(dialogOfUas(invite, 'bob-9', bobsContact))).toMatchObject({
      state: 'early',
      localTag: 'bob-9',
    });
  });

  it('it is secure where the Request-URI was SIPS', () => {
    expect(dialog.secure).toBe(false);
    const secure = sipRequest('INVITE', { uri: 'sips:bob@biloxi.example' });
    expect(opened(dialogOfUas(secure, 'bob-1', bobsContact)).secure).toBe(true);
  });

  it('a From without a tag, of RFC 2543, has a null remote tag', () => {
    const old = sipRequest('INVITE', { headers: { From: 'sip:alice@atlanta.example' } });
    expect(opened(dialogOfUas(old, 'bob-1', bobsContact))).toMatchObject({
      remoteTag: '',
      remoteUri: 'sip:alice@atlanta.example',
    });
  });

  it.each([
    ['malformed', '<sip:alice'],
    ['of a scheme that is not SIP', '<tel:+82262006200>'],
  ])('a Contact that is %s is answered with 400', (_, contact) => {
    const request = sipRequest('INVITE');
    const broken = {
      ...request,
      headers: request.headers.map((field) =>
        field.name === 'Contact' ? { name: 'Contact', value: contact } : field,
      ),
    };
    expect(dialogOfUas(broken, 'bob-1', bobsContact)).toMatchObject({ ok: false, problem: { status: 400 } });
    const without = { ...request, headers: request.headers.filter((field) => field.name !== 'Contact') };
    expect(dialogOfUas(without, 'bob-1', bobsContact)).toMatchObject({ ok: false, problem: { status: 400 } });
  });

  it('other parameters of From stay, and only the tag goes', () => {
    const from = '"A, \\"B\\" <c>" <sip:alice@atlanta.example;x=1>;p=q;tag=alice-1;r';
    const request = sipRequest('INVITE', { headers: { From: from } });
    expect(opened(dialogOfUas(request, 'bob-1', bobsContact)).remoteUri).toBe(
      '"A, \\"B\\" <c>" <sip:alice@atlanta.example;x=1>;p=q;r',
    );
  });
});

describe('RFC 3261 §12.1.2: a response opens a dialog for the UAC', () => {
  const invite = sipRequest('INVITE', { headers: { CSeq: '7 INVITE' } });

  it('the route set is the Record-Route of the response in reverse order', () => {
    const dialog = opened(dialogOfUac(invite, sipResponse(invite, 200, recorded)));
    expect(dialog.routeSet).toEqual(routes.toReversed());
  });

  it('the local sequence number is that of the request, the remote one is empty', () => {
    const dialog = opened(dialogOfUac(invite, sipResponse(invite, 180)));
    expect(dialog).toMatchObject({ role: 'uac', state: 'early', localCseq: 7, localTag: 'alice-1' });
    expect(dialog.remoteCseq).toBeUndefined();
    expect(dialog.remoteTarget).toBe('sip:bob@192.0.2.2:5060');
    expect(dialog.localContact).toBe('<sip:alice@192.0.2.1:5060>');
  });

  it('without a Contact in the response the Request-URI stands in, until a 2xx names one', () => {
    const ringing = sipResponse(invite, 180);
    const bare = { ...ringing, headers: ringing.headers.filter((field) => field.name !== 'Contact') };
    const early = opened(dialogOfUac(invite, bare));
    expect(early.remoteTarget).toBe('sip:bob@biloxi.example');
    expect(confirmDialog(early, sipResponse(invite, 200)).remoteTarget).toBe('sip:bob@192.0.2.2:5060');
  });

  it('a malformed Contact opens no dialog', () => {
    const ringing = sipResponse(invite, 180);
    const headers = [
      ...ringing.headers.filter((field) => field.name !== 'Contact'),
      { name: 'Contact', value: '<sip:' },
    ];
    expect(dialogOfUac(invite, { ...ringing, headers }).ok).toBe(false);
  });

  it('§13.2.2.4: several early dialogs of one INVITE differ in their remote tags', () => {
    const tags = ['bob-1', 'bob-2'];
    const keys = tags.map((tag) => {
      const ringing = sipResponse(invite, 180, { To: `Bob <sip:bob@biloxi.example>;tag=${tag}` });
      return dialogKey(opened(dialogOfUac(invite, ringing)));
    });
    expect(new Set(keys).size).toBe(2);
  });

  it('§13.2.2.4: the 2xx recomputes route set and target, and keeps the sequence numbers', () => {
    const early = { ...opened(dialogOfUac(invite, sipResponse(invite, 180))), localCseq: 9, remoteCseq: 3 };
    const answer = sipResponse(invite, 200, { ...recorded, Contact: '<sip:bob@192.0.2.3>' });
    expect(confirmDialog(early, answer)).toMatchObject({
      state: 'confirmed',
      routeSet: routes.toReversed(),
      remoteTarget: 'sip:bob@192.0.2.3',
      localCseq: 9,
      remoteCseq: 3,
    });
  });

  it('a repeated 2xx changes a confirmed dialog no more', () => {
    const dialog = opened(dialogOfUac(invite, sipResponse(invite, 200)));
    expect(confirmDialog(dialog, sipResponse(invite, 200, recorded))).toEqual(dialog);
  });
});

describe('RFC 3261 §12.2: target refresh', () => {
  const invite = sipRequest('INVITE', { headers: recorded });
  const dialog = opened(dialogOfUas(invite, 'bob-1', bobsContact));

  it('the Contact replaces the remote target, and the route set stays', () => {
    const moved = refreshTarget(dialog, '"Alice" <sip:alice@192.0.2.77>');
    expect(moved.remoteTarget).toBe('sip:alice@192.0.2.77');
    expect(moved.routeSet).toEqual(routes);
  });

  it('without a Contact, or with a malformed one, the target stays', () => {
    expect(refreshTarget(dialog, undefined)).toBe(dialog);
    expect(refreshTarget(dialog, '<sip:alice')).toBe(dialog);
  });
});

describe('RFC 3261 §12: the dialog ID', () => {
  const invite = sipRequest('INVITE');
  const answer = sipResponse(invite, 200);
  const alice = opened(dialogOfUac(invite, answer));
  const bob = opened(dialogOfUas(invite, answer, bobsContact));
  const tagged = { To: 'Bob <sip:bob@biloxi.example>;tag=bob-1' };

  it('a request within the dialog finds it by Call-ID and both tags', () => {
    expect(dialogKeyOfRequest(sipRequest('BYE', { headers: tagged }))).toBe(dialogKey(bob));
  });

  it('a response finds it too', () => {
    expect(dialogKeyOfResponse(answer)).toBe(dialogKey(alice));
  });

  it('a request with another tag or Call-ID does not', () => {
    const others = [{ ...tagged, 'Call-ID': 'call-2' }, { To: 'Bob <sip:bob@biloxi.example>;tag=bob-2' }];
    for (const headers of others) {
      expect(dialogKeyOfRequest(sipRequest('BYE', { headers }))).not.toBe(dialogKey(bob));
    }
  });

  it('a message without a To tag belongs to no dialog', () => {
    expect(dialogKeyOfRequest(invite)).toBeUndefined();
    expect(dialogKeyOfResponse(sipResponse(invite, 100))).toBeUndefined();
  });
});
