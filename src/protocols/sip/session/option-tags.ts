import { headerValues, type SipMessage } from '../message/index.ts';

/** Whether Supported, Require, … names an option tag, e.g. `100rel` or `timer` (RFC 3261 §19.2). */
export function namesOption(message: SipMessage, header: 'Supported' | 'Require', tag: string): boolean {
  return headerValues(message, header).some((value) => value.toLowerCase() === tag);
}
