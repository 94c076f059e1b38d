import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type Certificate = { readonly certificateFile: string; readonly keyFile: string };

/** An authority of a test, in a folder that is removed in the end. */
export class CertificateAuthority {
  readonly #folder = mkdtempSync(join(tmpdir(), 'omnidial-certificates-'));
  readonly #key = join(this.#folder, 'authority.key');
  /** Its own certificate. */
  readonly file = join(this.#folder, 'authority.pem');

  constructor() {
    this.#openssl(
      'req',
      '-x509',
      ...newKey(this.#key),
      '-out',
      this.file,
      '-subj',
      '/CN=Tests',
      '-days',
      '2',
    );
  }

  /** A certificate for names and addresses: `DNS:localhost`, `IP:127.0.0.1`. */
  issue(name: string, subjects: readonly string[]): Certificate {
    const [request, extensions] = [this.#file(`${name}.csr`), this.#file(`${name}.ext`)];
    const certificate = { certificateFile: this.#file(`${name}.pem`), keyFile: this.#file(`${name}.key`) };
    writeFileSync(extensions, `subjectAltName=${subjects.join(',')}\n`);
    this.#openssl('req', ...newKey(certificate.keyFile), '-out', request, '-subj', `/CN=${name}`);
    const signed = ['-in', request, '-CA', this.file, '-CAkey', this.#key, '-CAcreateserial', '-days', '2'];
    this.#openssl('x509', '-req', ...signed, '-extfile', extensions, '-out', certificate.certificateFile);
    return certificate;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #file(name: string): string {
    return join(this.#folder, name);
  }

  #openssl(...given: readonly string[]): void {
    execFileSync('openssl', given, { stdio: 'ignore' });
  }
}

function newKey(file: string): readonly string[] {
  return ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', file];
}
