import { createHash, randomBytes } from 'node:crypto';

/** Letters and digits that nobody confuses: each stands for five bits. */
const alphabet = 'ABCDEFGHJKMNPQRSTVWXYZ0123456789';
const codes = 10;
const length = 16;
const shape = new RegExp(`^[${alphabet}]{${length}}$`);

/** Ten of 80 random bits each. */
export function makeRecoveryCodes(): string[] {
  return Array.from({ length: codes }, () => {
    const letters = Array.from(randomBytes(length), (byte) => alphabet[byte % alphabet.length]).join('');
    return letters.match(/.{4}/g)?.join('-') ?? letters;
  });
}

/** What the table keeps: nobody guesses 80 bits, so a plain hash is enough. Undefined where it is no such code. */
export function hashRecoveryCode(userId: string, code: string): string | undefined {
  const letters = code.replaceAll(/[\s-]/g, '').toUpperCase().replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  return shape.test(letters) ? createHash('sha256').update(`${userId} ${letters}`).digest('base64url') : undefined;
}
