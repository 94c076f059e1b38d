/** A NAPTR record (RFC 3403 §4.1). */
export type Naptr = {
  readonly order: number;
  readonly preference: number;
  readonly flags: string;
  readonly service: string;
  readonly regexp: string;
  readonly replacement: string;
};

/** A way in which a domain serves SIP: over what, and the name whose SRV records say where (RFC 3263 §4.1). */
export type SipService = { readonly transport: 'udp' | 'tcp' | 'tls'; readonly name: string };

const TRANSPORTS: Readonly<Record<string, SipService['transport']>> = {
  'SIP+D2U': 'udp',
  'SIP+D2T': 'tcp',
  'SIPS+D2T': 'tls',
};

/** More would be a flood and no service. */
const MOST_SERVICES = 6;

/** The services of a domain in the order it wants, those we do not know left out. */
export function sipServices(records: readonly Naptr[]): readonly SipService[] {
  return inNaptrOrder(records)
    .flatMap(({ flags, service, replacement }) => {
      const transport = TRANSPORTS[service.toUpperCase()];
      return transport === undefined || flags.toLowerCase() !== 's' || replacement === ''
        ? []
        : [{ transport, name: replacement }];
    })
    .slice(0, MOST_SERVICES);
}

/** Where there is no NAPTR: the names under which a domain would have SRV records (RFC 3263 §4.1). */
export function srvNames(domain: string, isSecure: boolean): readonly SipService[] {
  if (isSecure) return [{ transport: 'tls', name: `_sips._tcp.${domain}` }];
  return [
    { transport: 'udp', name: `_sip._udp.${domain}` },
    { transport: 'tcp', name: `_sip._tcp.${domain}` },
  ];
}

/** RFC 3403 §4.1: by order, then by preference. */
export function inNaptrOrder(records: readonly Naptr[]): readonly Naptr[] {
  return [...records].sort((one, other) => one.order - other.order || one.preference - other.preference);
}
