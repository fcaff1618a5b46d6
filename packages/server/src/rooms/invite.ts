import { createHash, randomBytes } from 'node:crypto';
import { ParlourError } from '@parlour/protocol/errors';
import type { Person } from '@parlour/protocol/events';
import type { Limiter } from '../http/rate-limit.ts';
import type { Mailer } from '../mail/create-mailer.ts';
import type { RoomDeps } from './room.ts';

export type InviteDeps = RoomDeps & {
  /** The origin that people reach this house at, without a slash at the end. */
  origin(): string;
  /** How a link is mailed, and how often one person may have that done; absent where the house sends no mail. */
  post?: { mailer: Mailer; limit: Limiter } | undefined;
};

export type FoundInvite = {
  id: string;
  room: number;
  roomName: string;
  /** Who made it; undefined when that account is gone. */
  by: Person | undefined;
  expiresAt: number;
  maxUses: number | null;
  uses: number;
  revokedAt: number | null;
};

/** 192 random bits: a link cannot be guessed, and what the table holds is no link. */
export function newInviteCode(): string {
  return randomBytes(24).toString('base64url');
}

export function hashInviteCode(code: string): string {
  return createHash('sha256').update(code).digest('base64url');
}

/** Why nobody can use the invite any more, whoever they are. */
export function findInviteFault({ revokedAt, expiresAt }: FoundInvite, now: number): ParlourError | undefined {
  if (revokedAt !== null) return new ParlourError('invite_revoked', 'This invite was taken back. Ask for a new one.');
  if (expiresAt <= now) return new ParlourError('invite_expired', 'This invite has expired. Ask for a new one.');
  return undefined;
}

export function noSuchInvite(): ParlourError {
  return new ParlourError('invite_not_found', 'There is no such invite. Check that the link is complete.');
}

export function inviteUsedUp(): ParlourError {
  return new ParlourError('invite_used_up', 'This invite was used as often as it may be. Ask for a new one.');
}
