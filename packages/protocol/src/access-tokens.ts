import * as v from 'valibot';
import { limits } from './limits.ts';
import { page } from './paging.ts';
import { line } from './text.ts';

const day = 24 * 60 * 60;

/** What a token may be used for; each includes those before it. */
export const accessScopes = ['read', 'write', 'admin'] as const;
export type AccessScope = (typeof accessScopes)[number];

export const newAccessToken = v.object({
  name: line('The name', limits.tokenNameCharacters),
  scope: v.optional(v.picklist(accessScopes, 'A scope is read, write or admin.'), 'read'),
  /** Seconds until it ends: a day to a year, 30 days by default. */
  expiresIn: v.optional(
    v.pipe(
      v.number(),
      v.safeInteger(),
      v.minValue(day, 'A token lasts at least a day.'),
      v.maxValue(365 * day, 'A token lasts at most a year.'),
    ),
    30 * day,
  ),
});
export type NewAccessToken = v.InferOutput<typeof newAccessToken>;

export const accessToken = v.object({
  id: v.string(),
  name: v.string(),
  scope: v.picklist(accessScopes),
  createdAt: v.string(),
  expiresAt: v.string(),
  /** To within some minutes; null for one that was not used yet. */
  lastUsedAt: v.nullable(v.string()),
});
export type AccessToken = v.InferOutput<typeof accessToken>;
export const accessTokenList = page(accessToken, v.string());

/** The token itself is shown once, when it is made; only its hash is kept. */
export const createdAccessToken = v.object({ ...accessToken.entries, token: v.string() });
export type CreatedAccessToken = v.InferOutput<typeof createdAccessToken>;
