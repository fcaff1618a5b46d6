import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { WorkQueue } from './work-queue.ts';

const runArgon2 = promisify(argon2);

type Cost = { memory: number; passes: number; parallelism: number };

/** OWASP's choice for Argon2id: 19 MiB, two passes, one lane. */
const cost: Cost = { memory: 19_456, passes: 2, parallelism: 1 };
const tagBytes = 32;
const phc = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,172})$/;

/** No password has it: its tag is no output of the hash. */
const nobody = `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

/**
 * Hashes passwords with Argon2id (RFC 9106) in Node's thread pool. Two at a time: more would take turns on the same
 * cores, hold 19 MiB each, and slow the loop that serves sockets.
 */
export class PasswordHash {
  readonly #queue: WorkQueue;

  constructor(queue = new WorkQueue(2, 64)) {
    this.#queue = queue;
  }

  /** A PHC string. Throws `busy`. */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(16);
    const tag = await this.#derive(password, salt, tagBytes, cost);
    const { memory, passes, parallelism } = cost;
    return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`;
  }

  /** Without a hash to compare with, it takes as long and is false. Throws `busy`. */
  async verify(password: string, hash: string = nobody): Promise<boolean> {
    const [, memory, passes, parallelism, salt = '', tag = ''] = phc.exec(hash) ?? [];
    if (memory === undefined) return false;
    const expected = Buffer.from(tag, 'base64');
    const hashed = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
    const found = await this.#derive(password, Buffer.from(salt, 'base64'), expected.length, hashed);
    return timingSafeEqual(found, expected);
  }

  // Normalised, so that a password typed on another keyboard is the same one (RFC 8265, section 4.2).
  #derive(password: string, nonce: Buffer, tagLength: number, chosen: Cost): Promise<Buffer> {
    const message = password.normalize('NFC');
    return this.#queue.run(() => runArgon2('argon2id', { message, nonce, tagLength, ...chosen }));
  }
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
