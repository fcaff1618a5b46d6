import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a server proves itself with, as PEM. */
export type Certificate = { cert: string; key: string };

/** A certificate authority of the test's own, as a company has one for its inner network. */
export class Authority {
  /** Where its own certificate lies, which whoever trusts it names. */
  readonly file: string;
  readonly #folder: string;
  readonly #name: string;

  constructor(folder: string, name: string) {
    this.#folder = folder;
    this.#name = name;
    this.file = this.#path('pem');
    this.#make(name, ['basicConstraints=critical,CA:true', 'keyUsage=critical,keyCertSign'], []);
  }

  /** For a server at these places, such as `IP:127.0.0.1` or `DNS:db.example.org`. */
  issue(places: string): Certificate {
    const name = `${this.#name}-server`;
    const extensions = [`subjectAltName=${places}`, 'basicConstraints=critical,CA:false'];
    this.#make(name, extensions, ['-CA', this.file, '-CAkey', this.#path('key')]);
    const read = (ending: string) => readFileSync(this.#path(ending, name), 'utf8');
    return { cert: read('pem'), key: read('key') };
  }

  #make(name: string, extensions: readonly string[], signer: readonly string[]): void {
    const keyed = [
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      this.#path('key', name),
    ];
    const added = extensions.flatMap((extension) => ['-addext', extension]);
    const args = [...keyed, '-out', this.#path('pem', name), '-days', '2', '-subj', `/CN=${name}`, ...added, ...signer];
    execFileSync('openssl', ['req', '-x509', ...args], { stdio: 'pipe' });
  }

  #path(ending: string, name = this.#name): string {
    return join(this.#folder, `${name}.${ending}`);
  }
}
