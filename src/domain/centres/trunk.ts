import type { CountryCode } from '../numbering/index.ts';
import type { CentreCode, ServiceState } from './centre.ts';

/** A way to another network: a carrier of the PSTN, another VoIP operator, or a partner's centre. */
export type TrunkKind = 'carrier' | 'operator' | 'partner';

/** Where a trunk leads. A name is looked up by RFC 3263; an address is taken as it is. */
export type Gateway = {
  /** A literal address, or a name. */
  readonly host: string;
  /** Without one, that of the transport or what the DNS says. */
  readonly port?: number;
  readonly transport: 'udp' | 'tcp' | 'tls';
  readonly priority: number;
  /** Shares calls between gateways of the same priority, 1 to 1000. */
  readonly weight: number;
};

/** Where SIP is served that names no port (RFC 3261 §19.1.2). */
export const SIP_PORTS: Readonly<Record<Gateway['transport'], number>> = { udp: 5060, tcp: 5060, tls: 5061 };

/** What proves that a call comes from the trunk. Without this nothing is taken from it: inbound is default-deny. */
export type TrunkInbound = {
  /** Addresses and networks, `192.0.2.7`, `2001:db8::/64`. */
  readonly addresses: readonly string[];
  /** Where the other side authenticates itself by a digest: its user name and the hashes of RFC 8760 §2.3. */
  readonly digest?: {
    readonly user: string;
    readonly secrets: { readonly md5: string; readonly sha256: string };
  };
  /** Whether it may call out again to the PSTN and to operators; only a partner may. */
  readonly transit: boolean;
};

/** How we prove ourselves to the trunk. The password has to be kept as it is: we are the one who is asked. */
export type TrunkCredentials = { readonly user: string; readonly password: string; readonly realm?: string };

/** We register with the trunk, which calls us where we registered. */
export type TrunkRegistration = { readonly expiresSeconds: number };

/** How OPTIONS find out whether a gateway lives; with hysteresis, so that one lost packet closes nothing. */
export type HealthCheck = {
  readonly intervalMs: number;
  /** So many silences or 503 one after another, and it is down. */
  readonly downAfter: number;
  /** So many answers one after another, and it is up again. */
  readonly upAfter: number;
};

/** How a number is written for the trunk before its rules see it. */
export type NumberForm =
  /** `+82262006200` */
  | 'e164'
  /** `82262006200` */
  | 'digits'
  /** `0082262006200` */
  | 'double-zero'
  /** As dialled in the trunk's country: `0262006200` there, with its access prefix for other countries. */
  | 'national';

/**
 * One rule of a number format. Of a list the first whose pattern matches the whole number counts; the number loses
 * `strip` characters at the front and gets `prepend` there. With `replace` it becomes that text, in which `$1` is the
 * first group.
 */
export type NumberRule =
  | { readonly pattern: string; readonly strip: number; readonly prepend: string }
  | { readonly pattern: string; readonly replace: string };

/** How numbers are written on a trunk, to it and from it. */
export type NumberFormat = {
  /** The country in whose forms it writes national numbers. */
  readonly country: CountryCode;
  readonly called: { readonly form: NumberForm; readonly rules: readonly NumberRule[] };
  readonly calling: { readonly form: NumberForm; readonly rules: readonly NumberRule[] };
  /** What the numbers of its calls to us become before they are read as E.164, or as dialled in its country. */
  readonly inboundCalled: readonly NumberRule[];
  readonly inboundCalling: readonly NumberRule[];
};

export type Trunk = {
  /** Unique, as `kt-seoul`: small letters, digits and hyphens, at most 32. It is the trunk's identity everywhere. */
  readonly name: string;
  readonly kind: TrunkKind;
  /** The centre of ours that speaks with it. */
  readonly centre: CentreCode;
  readonly state: ServiceState;
  readonly gateways: readonly Gateway[];
  readonly inbound?: TrunkInbound;
  readonly credentials?: TrunkCredentials;
  readonly registration?: TrunkRegistration;
  readonly health?: HealthCheck;
  /** How many calls it carries at once, in both directions. */
  readonly channels: number;
  readonly numbers: NumberFormat;
  /** Names of RFC 3551 and the like, `PCMU`, `PCMA`, `opus`; empty: all are offered. */
  readonly codecs: readonly string[];
  /** How long a gateway may say nothing at all before the next one is tried. */
  readonly silenceMs: number;
  /** How long it may ring; early media is bounded by it. */
  readonly ringMs: number;
  /** Whether it is within our trust domain: identities are asserted to it and believed from it (RFC 3325). */
  readonly trusted: boolean;
  /** Whether its 404 may be a lie, and one more carrier is asked. */
  readonly tryNextAfter404: boolean;
  /** Whether number portability (RFC 4694) is told it and believed from it. */
  readonly portability: boolean;
};
