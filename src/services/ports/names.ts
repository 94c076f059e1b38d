import type { Result } from '../../domain/refusal/index.ts';

/** Where a SIP request for a host goes, in the order to try (RFC 3263 §4). */
export type SipHop = {
  readonly transport: 'udp' | 'tcp' | 'tls';
  /** A literal address. */
  readonly address: string;
  readonly port: number;
  /** The name that was asked for, which the server's certificate must bear (TLS, RFC 5922 §4). */
  readonly serverName?: string;
};

/** Finds SIP servers by name. */
export type SipServers = {
  /**
   * @param uri the host of a SIP URI, and what it says of port and transport
   * @returns at least one hop, or refused with `address-not-found` (no such name, no server) or
   * `address-lookup-failed` (the DNS does not answer)
   */
  locate(target: {
    readonly scheme: 'sip' | 'sips';
    readonly host: string;
    readonly port?: number;
    readonly transport?: 'udp' | 'tcp' | 'tls';
  }): Promise<Result<readonly SipHop[]>>;
};

/** Telephone numbers in the DNS (RFC 6116). */
export type EnumLookups = {
  /** The SIP URIs a number has, the preferred one first; empty where it has none or the DNS does not answer. */
  sipUrisOf(e164: string): Promise<readonly string[]>;
};

/** What proves that somebody has a domain. */
export type DomainRecords = {
  /** The TXT records of a name, each put together; refused as `SipServers` are. */
  textsOf(name: string): Promise<Result<readonly string[]>>;
};
