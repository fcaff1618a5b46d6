import { ParlourError } from '@parlour/protocol/errors';
import type { Passkey } from '@parlour/protocol/passkeys';
import type { OneTimeSecrets } from '../accounts/one-time-secrets.ts';
import type { AttemptLog } from '../audit/attempt-log.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { PasskeyRow } from './passkey-store.ts';

export type PasskeyDeps = {
  db: Database;
  clock: Clock;
  secrets: OneTimeSecrets;
  attempts: AttemptLog;
  houseName: string;
  /** By its id, each provider that one can sign in at too. */
  providers: ReadonlyMap<string, unknown>;
  /** The house's own, never taken from a request: passkeys are bound to it. */
  origin(): string;
};

/** The name that passkeys of this house are bound to. */
export function relyingPartyId({ origin }: Pick<PasskeyDeps, 'origin'>): string {
  return new URL(origin()).hostname;
}

export function toPasskey({ id, name, createdAt, lastUsedAt, backedUp }: PasskeyRow): Passkey {
  return {
    id,
    name,
    createdAt: new Date(createdAt).toISOString(),
    lastUsedAt: lastUsedAt === null ? null : new Date(lastUsedAt).toISOString(),
    synced: backedUp === 1,
  };
}

export function passkeyNotFound(): ParlourError {
  return new ParlourError('passkey_not_found', 'You have no such passkey.');
}
