/** A message as these tests read it: by regular expressions, so that no parser of ours judges itself. */
export type RawMessage = {
  readonly text: string;
  /** Of a response; 0 of a request. */
  readonly status: number;
  /** Of a request, or of what a response answers. */
  readonly method: string;
  readonly callId: string;
  readonly cseq: number;
  readonly body: string;
};

export function readRaw(text: string): RawMessage {
  const [, status] = /^SIP\/2\.0 (\d{3})/.exec(text) ?? [];
  const [, number = '0', method = ''] = /^(\d+)\s+(\S+)/.exec(field(text, 'CSeq')) ?? [];
  const body = text.slice(text.indexOf('\r\n\r\n') + 4);
  return {
    text,
    status: Number(status ?? 0),
    method,
    callId: field(text, 'Call-ID'),
    cseq: Number(number),
    body,
  };
}

/** The first field of that name, or '' where there is none. */
export function field(text: string, name: string): string {
  return fields(text, name)[0] ?? '';
}

/** All fields of that name, in their order. */
export function fields(text: string, name: string): string[] {
  const head = text.slice(0, text.indexOf('\r\n\r\n') + 2);
  return [...head.matchAll(new RegExp(`^${name}[ \\t]*:[ \\t]*(.*)\\r$`, 'gim'))].map(
    (found) => found[1] ?? '',
  );
}
