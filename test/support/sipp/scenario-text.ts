/** Pieces of SIPp's scenarios, for those that differ in a line or two. */

/** A scenario of these steps. */
export function scenario(name: string, steps: readonly string[]): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<scenario name="${name}">`,
    ...steps,
    '</scenario>',
  ].join('\n');
}

export function label(id: string): string {
  return `<label id="${id}"/>`;
}

/** A message that is sent; `attributes` are those of SIPp's `send`. */
export function send(lines: readonly string[], attributes = ''): string {
  return `<send ${attributes}><![CDATA[\n\n${lines.join('\n')}\n\n]]></send>`;
}

export type ResponseParts = {
  readonly status: string;
  /** Whether the request began the dialog, so that its To has no tag yet. */
  readonly isFirst?: boolean;
  readonly headers?: readonly string[];
  /** Whether it describes sound. */
  readonly hasSound?: boolean;
  /** Where the scenario goes on, and how the response is repeated. */
  readonly attributes?: string;
};

/** The response to the request that came last. */
export function respond({
  status,
  isFirst = false,
  headers = [],
  hasSound = false,
  attributes = '',
}: ResponseParts): string {
  const lines = [
    `SIP/2.0 ${status}`,
    '[last_Via:]',
    '[last_Record-Route:]',
    '[last_From:]',
    isFirst ? '[last_To:];tag=a[call_number]' : '[last_To:]',
    '[last_Call-ID:]',
    '[last_CSeq:]',
    'Contact: <sip:[local_ip]:[local_port];transport=[transport]>',
    ...headers,
    ...(hasSound ? SOUND : ['Content-Length: 0']),
  ];
  return send(lines, attributes);
}

/** The end of a message that describes G.711 and keys. */
export const SOUND: readonly string[] = [
  'Content-Type: application/sdp',
  'Content-Length: [len]',
  '',
  'v=0',
  'o=- 40 40 IN IP[local_ip_type] [local_ip]',
  's=-',
  'c=IN IP[media_ip_type] [media_ip]',
  't=0 0',
  'm=audio [media_port] RTP/AVP 0 8 101',
  'a=rtpmap:0 PCMU/8000',
  'a=rtpmap:8 PCMA/8000',
  'a=rtpmap:101 telephone-event/8000',
  'a=fmtp:101 0-15',
  'a=sendrecv',
];
