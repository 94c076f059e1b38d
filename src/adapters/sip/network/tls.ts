import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { connect, createSecureContext, getCACertificates, type SecureContext, TLSSocket } from 'node:tls';
import type { Flow } from './flow.ts';

/** What TLS needs, as PEM texts. */
export type TlsIdentity = {
  /** Our certificate, and those that lead to its authority. */
  readonly certificate: string;
  readonly key: string;
  /** Authorities that are believed beside those everybody believes: of a private network. */
  readonly authorities?: string;
};

/** A certificate, or what belongs to it, that cannot be used; the message says which, and why. */
export class CertificateUnusable extends Error {}

/** Reads the files of an identity. @throws CertificateUnusable */
export function readTlsIdentity(files: {
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly authoritiesFile?: string;
}): TlsIdentity {
  const { certificateFile, keyFile, authoritiesFile } = files;
  return {
    certificate: readPem(certificateFile),
    key: readPem(keyFile),
    ...(authoritiesFile === undefined ? {} : { authorities: readPem(authoritiesFile) }),
  };
}

function readPem(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CertificateUnusable(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code}.`);
  }
}

/** How connections are secured: with TLS 1.2 or newer, and towards servers with a certificate that is checked. */
export class Tls {
  readonly #context: SecureContext;

  /** @throws CertificateUnusable where the certificate and the key are none, or not each other's */
  constructor({ certificate, key, authorities }: TlsIdentity) {
    try {
      this.#context = createSecureContext({
        cert: certificate,
        key,
        ca: [...getCACertificates('default'), ...(authorities === undefined ? [] : [authorities])],
        minVersion: 'TLSv1.2',
      });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new CertificateUnusable(`The certificate of SIP over TLS and its key cannot be used: ${reason}.`);
    }
  }

  /** A connection that a far end has opened: it is counted while it still shakes hands. */
  accept(socket: Socket): TLSSocket {
    const secured = new TLSSocket(socket, { isServer: true, secureContext: this.#context });
    // Renegotiation costs the server most of the work, and is of no use here.
    secured.disableRenegotiation();
    return secured;
  }

  /** Opens one of ours. It fails where the certificate is not the far end's (RFC 5922 §7.1). */
  connect({ address, port, serverName }: Flow, localAddress: string | undefined): TLSSocket {
    return connect({
      host: address,
      port,
      secureContext: this.#context,
      ...(serverName === undefined ? {} : { servername: serverName }),
      ...(localAddress === undefined ? {} : { localAddress }),
    })
      .setNoDelay(true)
      .setKeepAlive(true);
  }
}
