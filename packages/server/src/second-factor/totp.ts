import { Secret, TOTP } from 'otpauth';

/** What every authenticator app can do (RFC 6238): SHA-1, six digits, 30 seconds. */
const parameters = { algorithm: 'SHA1', digits: 6, period: 30 };
const shape = /^\d{6}$/;
/** Steps by which the phone's clock may be off, either way. */
const window = 1;

/** 160 random bits in base 32. */
export function newTotpSecret(): string {
  return new Secret({ size: 20 }).base32;
}

/** The address that a QR code holds. */
export function totpUri(secret: string, issuer: string, label: string): string {
  return new TOTP({ ...parameters, secret, issuer, label }).toString();
}

/** The step of 30 seconds that a code belongs to, or undefined for a wrong one. */
export function findStep(secret: string, code: string, now: number): number | undefined {
  if (!shape.test(code)) return undefined;
  const totp = new TOTP({ ...parameters, secret });
  const delta = totp.validate({ token: code, timestamp: now, window });
  return delta === null ? undefined : totp.counter({ timestamp: now }) + delta;
}
