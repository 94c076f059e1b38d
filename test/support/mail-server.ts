import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A mail as it came over the wire. */
export type Arrived = { readonly from: string; readonly to: readonly string[]; readonly raw: string };

/** A real mail server on loopback. */
export async function mailServer(options: SMTPServerOptions = {}) {
  const arrived: Arrived[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, { envelope }, done) {
      text(stream).then((raw) => {
        const to = envelope.rcptTo.map(({ address }) => address);
        arrived.push({ from: envelope.mailFrom === false ? '' : envelope.mailFrom.address, to, raw });
        done();
      }, done);
    },
    ...options,
  });
  server.on('error', () => undefined);
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  return { arrived, port, close: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}

/** The text of a mail of one part. */
export function bodyOf({ raw }: Arrived): string {
  const [head = '', ...rest] = raw.split('\r\n\r\n');
  const body = rest.join('\r\n\r\n');
  const [, encoding = '7bit'] = /^content-transfer-encoding: *(\S+)/im.exec(head) ?? [];
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  if (encoding !== 'quoted-printable') return body;
  const bytes = body
    .replaceAll(/=\r\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** The code that a mail brings; empty where it brings none. */
export function codeIn(mail: Arrived | undefined): string {
  return /\d{6}/.exec(mail === undefined ? '' : bodyOf(mail))?.[0] ?? '';
}
