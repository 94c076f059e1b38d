/** A session description (RFC 8866), as offers and answers carry it. */
export type Session = {
  readonly origin: Origin;
  /** `s=`; `-` where there is nothing to say. */
  readonly name: string;
  readonly connection?: Connection;
  /** The values of `t=`; `0 0` is a session without bounds, as every call is. */
  readonly times: readonly string[];
  /** Lines that are carried but not understood here: i, u, e, p, b, r, z, k. */
  readonly others: readonly OtherLine[];
  readonly attributes: readonly Attribute[];
  readonly media: readonly Media[];
};

/** `o=`: who made the description, and which version of it this is. */
export type Origin = {
  readonly username: string;
  /** Digits: 64 bits do not fit into a number. */
  readonly sessionId: string;
  readonly version: string;
  readonly address: string;
};

/** `c=`: where media are received. A host name or a literal address; IPv4 multicast may end in `/ttl`. */
export type Connection = { readonly address: string };

export type Attribute = { readonly name: string; readonly value?: string };

export type OtherLine = { readonly type: OtherType; readonly value: string };
export type OtherType = 'i' | 'u' | 'e' | 'p' | 'b' | 'r' | 'z' | 'k';

/** One `m=` with what belongs to it. */
export type Media = {
  /** `audio`, `video`, `image`, … */
  readonly kind: string;
  /** 0 where the medium is refused or ended (RFC 3264 §6, §8.2). */
  readonly port: number;
  /** How many ports follow each other, where it is said. */
  readonly ports?: number;
  /** `RTP/AVP`, `UDP/TLS/RTP/SAVPF`, … */
  readonly protocol: string;
  /** Payload types for RTP. At least one. */
  readonly formats: readonly string[];
  readonly connection?: Connection;
  readonly others: readonly OtherLine[];
  readonly attributes: readonly Attribute[];
};

/** The value of the first attribute with this name; '' where it has none; undefined where there is no such. */
export function attributeValue(attributes: readonly Attribute[], name: string): string | undefined {
  const found = attributes.find((attribute) => attribute.name === name);
  return found === undefined ? undefined : (found.value ?? '');
}
