import type { Generated } from 'kysely';

/** Every table as the query builder sees it. Numbers named `…At` are milliseconds since 1970, texts ISO 8601. */
export type Tables = {
  user: UserTable;
  passwords: PasswordTable;
  identities: IdentityTable;
  session: SessionTable;
  usedLogoutTokens: UsedLogoutTokenTable;
  accessTokens: AccessTokenTable;
  passkeys: PasskeyTable;
  secondFactors: SecondFactorTable;
  recoveryCodes: RecoveryCodeTable;
  oneTimeSecrets: OneTimeSecretTable;
  claims: ClaimTable;
  tickets: TicketTable;
  probes: ProbeTable;
  rooms: RoomTable;
  members: MemberTable;
  removals: RemovalTable;
  events: EventTable;
  invites: InviteTable;
  inviteUses: InviteUseTable;
  mentions: MentionTable;
  posts: PostTable;
  revocations: RevocationTable;
  audit: AuditTable;
};

type UserTable = {
  id: string;
  name: string;
  /** What others write after `@`, derived from the name. */
  handle: string;
  email: string;
  /** 1 when the person has shown that the address is theirs. */
  emailVerified: Generated<number>;
  role: string;
  createdAt: string;
  updatedAt: string;
  /** A trigger ends every grant of whoever is banned. */
  bannedAt: Generated<number | null>;
  banReason: Generated<string | null>;
};
/** A PHC string of whoever has a password. */
type PasswordTable = { userId: string; hash: string; changedAt: number };
/** Who a person is at an OpenID provider: `provider` is its id in the settings, `subject` its `sub`. */
type IdentityTable = { provider: string; subject: string; userId: string; email: string | null; linkedAt: number };
type SessionTable = {
  id: string;
  /** SHA-256 of what the cookie holds: the table holds nothing that is itself a login. */
  tokenHash: string;
  userId: string;
  createdAt: string;
  /** When it was last used, to some minutes. */
  updatedAt: string;
  /** When the person last showed who they are, by whatever way. */
  confirmedAt: number;
  expiresAt: string;
  ipAddress: string;
  userAgent: string;
  /** How the person signed in. */
  method: string;
  provider: string | null;
  providerSubject: string | null;
  /** The `sid` of the provider's own session. */
  providerSession: string | null;
  /** The ID token of the login, encrypted: signing out shows it to the provider. */
  providerIdToken: Generated<string | null>;
  /** The session that this browser held before; a trigger ends it in the same statement. */
  replaces: string | null;
  /** Set just before the row is deleted, for the revocation log. */
  endReason: Generated<string | null>;
};
/** Back-channel logouts that were acted on, until their tokens would be refused by their age; `issuedAt` is theirs. */
type UsedLogoutTokenTable = {
  hash: string;
  provider: string;
  subject: string | null;
  session: string | null;
  issuedAt: number;
  expiresAt: number;
};
type AccessTokenTable = {
  id: string;
  hash: string;
  userId: string;
  name: string;
  scope: string;
  createdAt: number;
  expiresAt: number;
  lastUsedAt: number | null;
  endReason: Generated<string | null>;
};
/** `id` is the credential's, base64url; `transports` a JSON list. */
type PasskeyTable = {
  id: string;
  userId: string;
  name: string;
  publicKey: Uint8Array;
  counter: number;
  transports: string;
  backedUp: number;
  createdAt: number;
  lastUsedAt: number | null;
};
type SecondFactorTable = { userId: string; secret: string; confirmedAt: number | null; lastStep: Generated<number> };
type RecoveryCodeTable = { userId: string; hash: string; usedAt: number | null };
/** What works once and for a short time: see accounts/one-time-secrets.ts. `data` is JSON. */
type OneTimeSecretTable = {
  hash: string;
  kind: string;
  userId: string | null;
  data: string;
  expiresAt: number;
  /** How often something was tried with it, where tries are counted. */
  tries: Generated<number>;
};

/** Of PostgreSQL only: on SQLite tickets live in memory (docs/decisions/0007), and a probe writes no row. */
type TicketTable = { hash: string; grantId: string; userId: string; expiresAt: number };
type ProbeTable = { one: number };
/** Who claimed the house: one row at most. */
type ClaimTable = { one: Generated<number>; owner: string; at: number };

/** `number` is the internal key, `id` the public one. */
type RoomTable = { number: Generated<number>; id: string; name: string; private: number; createdAt: number };
type MemberTable = { room: number; user: string; role: 'owner' | 'member'; joinedAt: number; readSeq: number };
/** Who was removed from a room and may not come back until added. */
type RemovalTable = { room: number; user: string; by: string; at: number };
/**
 * Every durable change of a room. The room's head is its last row. `position` counts the messages up to and including
 * this event, so that unread counts are differences. `author` is whom the event is about: a message's sender, the member
 * who came or went.
 */
type EventTable = {
  number: Generated<number>;
  room: number;
  seq: number;
  position: number;
  kind: 'message' | 'member';
  id: string | null;
  author: string;
  at: number;
  body: string | null;
  data: string | null;
};
/** Who is mentioned by which message. */
type MentionTable = { user: string; room: number; seq: number };
type InviteTable = {
  id: string;
  room: number;
  codeHash: string;
  createdBy: string;
  createdAt: number;
  expiresAt: number;
  maxUses: number | null;
  uses: number;
  revokedAt: number | null;
};
type InviteUseTable = { invite: string; user: string; usedAt: number };
type PostTable = {
  number: Generated<number>;
  id: string;
  author: string;
  title: string;
  body: string;
  createdAt: number;
  updatedAt: number;
};
/**
 * Append-only, written by triggers: every grant and every membership that ended, every role that changed (`reason` is the
 * new one). `room` is the room's public id.
 */
type RevocationTable = {
  number: Generated<number>;
  kind: 'grant' | 'membership' | 'role';
  grantId: string | null;
  user: string;
  room: string | null;
  reason: string;
  at: number;
};
/** Append-only: who (`actor`) did what to whom (`subject`), from where. `detail` is JSON. */
type AuditTable = {
  number: Generated<number>;
  at: number;
  kind: string;
  actor: string | null;
  subject: string | null;
  address: string | null;
  userAgent: string | null;
  detail: string;
};
