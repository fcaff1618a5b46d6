import * as v from 'valibot';
import { email } from './accounts.ts';
import { page } from './paging.ts';

const day = 24 * 60 * 60;

export const newInvite = v.object({
  /** Seconds until it expires: a minute to a year, a week by default. */
  expiresIn: v.optional(
    v.pipe(
      v.number(),
      v.safeInteger(),
      v.minValue(60, 'An invite lasts at least a minute.'),
      v.maxValue(365 * day, 'An invite lasts at most a year.'),
    ),
    7 * day,
  ),
  /** How many people may use it; null for any number. */
  maxUses: v.optional(
    v.nullable(
      v.pipe(
        v.number(),
        v.safeInteger(),
        v.minValue(1, 'An invite can be used at least once.'),
        v.maxValue(10_000, 'An invite can be used at most 10,000 times.'),
      ),
    ),
    null,
  ),
  /** Where the link is mailed to, where the house sends mail. */
  email: v.optional(email),
});

export const invite = v.object({
  id: v.string(),
  room: v.string(),
  createdAt: v.string(),
  expiresAt: v.string(),
  maxUses: v.nullable(v.number()),
  uses: v.number(),
});
export type Invite = v.InferOutput<typeof invite>;
export const inviteList = page(invite, v.string());

/** The code is shown once, when the invite is made; only its hash is kept. */
export const createdInvite = v.object({ ...invite.entries, code: v.string(), url: v.string() });
export type CreatedInvite = v.InferOutput<typeof createdInvite>;

/** What somebody who holds the link may know before using it. Looking never uses it up. */
export const invitePreview = v.object({ roomName: v.string(), invitedBy: v.string(), expiresAt: v.string() });
export type InvitePreview = v.InferOutput<typeof invitePreview>;

export const acceptedInvite = v.object({ room: v.string(), name: v.string() });
