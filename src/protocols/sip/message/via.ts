import { type Parameters, parseParameters, printParameters } from './parameters.ts';
import { malformed, type Parsed, parsed } from './parsed.ts';
import { parseHostport } from './uri.ts';

/** One Via value (RFC 3261 §20.42). */
export type Via = {
  /** Upper case: `UDP`, `TCP`, … */
  readonly transport: string;
  readonly host: string;
  readonly port?: number;
  readonly branch?: string;
  readonly params: Parameters;
};

const SENT_PROTOCOL = /^SIP\s*\/\s*2\.0\s*\/\s*([A-Za-z0-9\-.!%*_+`'~]+)\s+/i;

/** The plain form that nearly all Vias have. What it does not cover is read in full. */
const PLAIN =
  /^SIP\/2\.0\/[A-Z]+ [A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[1-5]\d{0,4})?(?:;[a-z]+(?:=[A-Za-z0-9\-.!%*_+`'~]+)?)*$/;

/** Whether a text is one Via value that `parseVia` can read, mostly without reading it. */
export function isVia(text: string): boolean {
  return PLAIN.test(text) || parseVia(text).ok;
}

/** Reads one Via value, without its comma neighbours. */
export function parseVia(text: string): Parsed<Via> {
  const protocol = SENT_PROTOCOL.exec(text);
  if (protocol === null) return malformed('The Via does not begin with SIP/2.0 and a transport.');
  const semicolon = text.indexOf(';', protocol[0].length);
  const sentBy = text.slice(protocol[0].length, semicolon === -1 ? undefined : semicolon);
  const hostport = parseHostport(/\s/.test(sentBy) ? sentBy.replaceAll(/\s/g, '') : sentBy);
  if (!hostport.ok) return hostport;
  const params = parseParameters(semicolon === -1 ? '' : text.slice(semicolon));
  if (!params.ok) return params;
  const { host, port } = hostport.value;
  const branch = params.value.get('branch');
  const via: { -readonly [Key in keyof Via]: Via[Key] } = {
    transport: (protocol[1] ?? '').toUpperCase(),
    host,
    params: params.value,
  };
  if (port !== undefined) via.port = port;
  if (branch !== undefined) via.branch = branch;
  return parsed(via);
}

/** Writes a Via value. */
export function printVia({ transport, host, port, params }: Via): string {
  const sentBy = `${host.includes(':') ? `[${host}]` : host}${port === undefined ? '' : `:${port}`}`;
  return `SIP/2.0/${transport} ${sentBy}${printParameters(params)}`;
}
