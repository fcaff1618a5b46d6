import { createHash, randomBytes } from 'node:crypto';
import type { AccessScope, AccessToken } from '@parlour/protocol/access-tokens';
import { newId } from '../ids.ts';

/** Written out in every token, so that scanners of repositories and logs know one when they see it. */
const secretPrefix = 'parlour_pat_';
/** No session's id begins like this, so that a grant's id tells which of the two it is. */
const idPrefix = 'pat_';

export type AccessTokenRow = {
  id: string;
  name: string;
  scope: AccessScope;
  createdAt: number;
  expiresAt: number;
  lastUsedAt: number | null;
};

/** 256 random bits. */
export function newAccessTokenSecret(): string {
  return secretPrefix + randomBytes(32).toString('base64url');
}

export function newAccessTokenId(): string {
  return idPrefix + newId();
}

export function isAccessTokenSecret(bearer: string): boolean {
  return bearer.startsWith(secretPrefix);
}

export function isAccessTokenId(id: string): boolean {
  return id.startsWith(idPrefix);
}

export function hashAccessToken(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

export function toAccessToken({ id, name, scope, createdAt, expiresAt, lastUsedAt }: AccessTokenRow): AccessToken {
  return {
    id,
    name,
    scope,
    createdAt: new Date(createdAt).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
    lastUsedAt: lastUsedAt === null ? null : new Date(lastUsedAt).toISOString(),
  };
}
