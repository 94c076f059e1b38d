import { isIP } from 'node:net';
import { createTransport } from 'nodemailer';
import { accept, refuse } from '../../domain/refusal/index.ts';
import type { Mailer } from '../../services/ports/index.ts';

export type SmtpMailerOptions = {
  /** `smtp://user:password@host:port`, or `smtps://` for TLS from the first byte. */
  readonly url: string;
  /** Whom letters come from. */
  readonly from: string;
  /** What the operator should know: that mail does not go out. */
  readonly warn: (sentence: string) => void;
};

const SUBMISSION_PORT = 587;
const SUBMISSIONS_PORT = 465;

/** Somebody waits for the answer of an HTTP request meanwhile. */
const TIMEOUTS = {
  connectionTimeout: 5_000,
  greetingTimeout: 5_000,
  dnsTimeout: 5_000,
  socketTimeout: 10_000,
};

/** Sends letters through a mail server (RFC 6409). A letter is sent at once or refused; nothing is kept for later. */
export function createSmtpMailer({ url, from, warn }: SmtpMailerOptions): Mailer {
  const transport = createTransport(connectionOf(new URL(url)));
  return {
    async send({ to, subject, text, language }) {
      try {
        await transport.sendMail({
          from,
          // As an object it is taken as it is: a comma in it makes no second recipient.
          to: { name: '', address: to },
          subject,
          text,
          headers: {
            'content-language': language,
            // RFC 3834 §5: no vacation answers to it.
            'auto-submitted': 'auto-generated',
          },
          disableFileAccess: true,
          disableUrlAccess: true,
        });
        return accept(null);
      } catch (error) {
        // The address stays out of the log: it is a person's.
        warn(`A mail could not be sent: ${error instanceof Error ? codeOf(error) : 'unknown'}.`);
        return refuse('mail-unavailable', 'The mail server did not take the mail: try again later.');
      }
    },
  };
}

function connectionOf({ protocol, hostname, port, username, password }: URL) {
  const secure = protocol === 'smtps:';
  const host = hostname.replace(/^\[|\]$/g, '');
  const signsIn = username !== '';
  return {
    host,
    port: port === '' ? (secure ? SUBMISSIONS_PORT : SUBMISSION_PORT) : Number(port),
    secure,
    // A password goes over an open network inside TLS only.
    requireTLS: signsIn && !secure && !isLoopback(host),
    // Mail servers on the same machine often have a certificate that nobody has signed, and need none.
    ignoreTLS: isLoopback(host),
    ...(signsIn ? { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } } : {}),
    ...TIMEOUTS,
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** What kind of failure it was: `ECONNREFUSED`, or the status of SMTP. */
function codeOf(error: Error): string {
  const { responseCode, code } = error as Error & { responseCode?: number; code?: string };
  return responseCode === undefined ? (code ?? error.name) : `the server answered ${responseCode}`;
}
