import { type Dialog, dialogKey, dialogKeyOfRequest } from '../../../../protocols/sip/dialog/index.ts';
import type { SipRequest } from '../../../../protocols/sip/message/index.ts';
import type { Call } from './call.ts';

/** Whether a received request, or an ACK, belongs to a dialog of the call. */
export function ownsRequest(call: Call, request: SipRequest): boolean {
  const key = dialogKeyOfRequest(request);
  return key !== undefined && dialogsOf(call).some((dialog) => dialogKey(dialog) === key);
}

function dialogsOf(call: Call): readonly Dialog[] {
  switch (call.state) {
    case 'calling':
      return call.early.map(({ dialog }) => dialog);
    case 'ended':
      return [];
    default:
      return [call.dialog];
  }
}

/**
 * A Refer-To value that puts whoever follows it in the place of this call (RFC 3891, RFC 5589 §7): the consulted
 * party is asked to replace its dialog with us. Undefined where the call is not answered.
 */
export function referToReplacing(call: Call): string | undefined {
  if (call.state !== 'talking') return undefined;
  const { callId, localTag, remoteTag, remoteTarget } = call.dialog;
  const replaces = encodeURIComponent(`${callId};to-tag=${remoteTag};from-tag=${localTag}`);
  return `<${remoteTarget}${remoteTarget.includes('?') ? '&' : '?'}Replaces=${replaces}>`;
}
