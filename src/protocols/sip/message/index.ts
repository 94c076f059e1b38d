export { type Address, parseAddress, parseAddressList, printAddress } from './address.ts';
export { EMPTY_FRAMER, type Frame, type Framer, stepFramer } from './framer.ts';
export { isToken } from './header-names.ts';
export {
  callId,
  contentType,
  cseq,
  fromTag,
  headerValue,
  headerValues,
  maxForwards,
  prependHeader,
  topBranch,
  topVia,
  toTag,
  withHeader,
  withoutHeader,
} from './headers.ts';
export { lasting } from './lasting-text.ts';
export type { HeaderField, SipMessage, SipRequest, SipResponse } from './message.ts';
export { NO_PARAMETERS, type Parameters, splitList } from './parameters.ts';
export { type ParsedMessage, parseMessage } from './parse-message.ts';
export { malformed, type Parsed, type Problem, parsed } from './parsed.ts';
export { printMessage } from './print-message.ts';
export { REASON_PHRASES, responseTo } from './response.ts';
export { escapeUser, parseUri, printUri, type SipUri, sameUri, unescapeUser } from './uri.ts';
export { parseVia, printVia, type Via } from './via.ts';
