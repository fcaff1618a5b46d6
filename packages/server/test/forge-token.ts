import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { decodeJwt, type JWTPayload, SignJWT } from 'jose';
import { TokenKeys } from '../src/accounts/token-keys.ts';
import { openSecrets } from '../src/secrets.ts';
import { type Place, testSecret } from './test-database.ts';

type Forgery = { claims?: Record<string, unknown>; without?: string; key?: KeyObject; kid?: string };

/** A token signed by the house itself, made from a real one, but for what the test changes. */
export async function forgeToken(place: Place, real: string, forgery: Forgery = {}): Promise<string> {
  const claims: JWTPayload = { ...decodeJwt(real), ...forgery.claims };
  if (forgery.without !== undefined) delete claims[forgery.without];
  const { folder: dataFolder, databaseUrl } = place;
  const { tokenSeed } = openSecrets({ dataFolder, secret: databaseUrl === undefined ? undefined : testSecret });
  const { kid, privateKey } = new TokenKeys(tokenSeed).current((claims.iat ?? 0) * 1_000);
  return await new SignJWT(claims)
    .setProtectedHeader({ alg: 'EdDSA', kid: forgery.kid ?? kid, typ: 'JWT' })
    .sign(forgery.key ?? privateKey);
}

/** The same claims with the algorithm `none` and no signature. */
export function unsign(real: string): string {
  const header = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url');
  return `${header}.${real.split('.')[1]}.`;
}

export function strangeKey(): KeyObject {
  return generateKeyPairSync('ed25519').privateKey;
}

/** Every way in which a token can be wrong by itself, from a real one. */
export async function badTokens(place: Place, real: string): Promise<[what: string, token: string][]> {
  const { iat = 0, aud } = decodeJwt(real);
  const forge = (forgery: Forgery) => forgeToken(place, real, forgery);
  const [header, payload, signature = ''] = real.split('.');
  return [
    ['expired', await forge({ claims: { iat: iat - 600, exp: iat - 1 } })],
    ['expired at this very moment', await forge({ claims: { iat: iat - 300, exp: iat } })],
    ['garbled', 'nothing.like.this'],
    ['with another signature', `${header}.${payload}.${'A'.repeat(signature.length)}`],
    ['unsigned', unsign(real)],
    ['signed by another key', await forge({ key: strangeKey() })],
    ['signed by an unknown key', await forge({ key: strangeKey(), kid: 'other' })],
    ['for another audience', await forge({ claims: { aud: `${String(aud)}/other` } })],
    ['of another issuer', await forge({ claims: { iss: 'http://elsewhere.example' } })],
    ['without an end', await forge({ without: 'exp' })],
    ['without a grant', await forge({ without: 'sid' })],
  ];
}
