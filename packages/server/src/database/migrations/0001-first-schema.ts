import { type Kysely, sql } from 'kysely';

/** Milliseconds since 1970. */
const now = `cast(unixepoch('subsec') * 1000 AS INTEGER)`;

const statements = [
  `CREATE TABLE user (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, handle TEXT NOT NULL, email TEXT NOT NULL UNIQUE,
    emailVerified INTEGER NOT NULL DEFAULT 0, role TEXT NOT NULL DEFAULT 'member', createdAt TEXT NOT NULL,
    updatedAt TEXT NOT NULL, bannedAt INTEGER, banReason TEXT)`,
  'CREATE INDEX userHandle ON user (handle)',
  `CREATE UNIQUE INDEX oneOwner ON user (role) WHERE role = 'owner'`,
  `CREATE TABLE passwords (
    userId TEXT PRIMARY KEY REFERENCES user(id) ON DELETE CASCADE, hash TEXT NOT NULL, changedAt INTEGER NOT NULL)
    WITHOUT ROWID`,
  `CREATE TABLE identities (
    provider TEXT NOT NULL, subject TEXT NOT NULL, userId TEXT NOT NULL REFERENCES user(id) ON DELETE CASCADE,
    email TEXT, linkedAt INTEGER NOT NULL, PRIMARY KEY (provider, subject)) WITHOUT ROWID`,
  'CREATE UNIQUE INDEX identityUser ON identities (userId, provider)',
  `CREATE TABLE session (
    id TEXT PRIMARY KEY, tokenHash TEXT NOT NULL UNIQUE, userId TEXT NOT NULL REFERENCES user(id) ON DELETE CASCADE,
    createdAt TEXT NOT NULL, updatedAt TEXT NOT NULL, confirmedAt INTEGER NOT NULL, expiresAt TEXT NOT NULL,
    ipAddress TEXT NOT NULL,
    userAgent TEXT NOT NULL, method TEXT NOT NULL, provider TEXT, providerSubject TEXT, providerSession TEXT,
    providerIdToken TEXT, replaces TEXT, endReason TEXT)`,
  'CREATE INDEX sessionUser ON session (userId)',
  'CREATE INDEX sessionProvider ON session (provider, providerSubject) WHERE provider IS NOT NULL',
  // What a provider has signed out: so that no token works twice, and no sign-in that was under way slips past it.
  `CREATE TABLE usedLogoutTokens (
    hash TEXT PRIMARY KEY, provider TEXT NOT NULL, subject TEXT, session TEXT, issuedAt INTEGER NOT NULL,
    expiresAt INTEGER NOT NULL) WITHOUT ROWID`,
  'CREATE INDEX usedLogoutTokenProvider ON usedLogoutTokens (provider, subject)',
  'CREATE INDEX usedLogoutTokenSession ON usedLogoutTokens (provider, session)',
  `CREATE TABLE accessTokens (
    id TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, userId TEXT NOT NULL REFERENCES user(id) ON DELETE CASCADE,
    name TEXT NOT NULL, scope TEXT NOT NULL, createdAt INTEGER NOT NULL, expiresAt INTEGER NOT NULL,
    lastUsedAt INTEGER, endReason TEXT) WITHOUT ROWID`,
  'CREATE INDEX accessTokenUser ON accessTokens (userId)',
  `CREATE TABLE passkeys (
    id TEXT PRIMARY KEY, userId TEXT NOT NULL REFERENCES user(id) ON DELETE CASCADE, name TEXT NOT NULL,
    publicKey BLOB NOT NULL, counter INTEGER NOT NULL, transports TEXT NOT NULL, backedUp INTEGER NOT NULL,
    createdAt INTEGER NOT NULL, lastUsedAt INTEGER) WITHOUT ROWID`,
  'CREATE INDEX passkeyUser ON passkeys (userId)',
  // The secret is encrypted; a step is used up, so that a code that was seen is worth nothing (RFC 6238, section 5.2).
  `CREATE TABLE secondFactors (
    userId TEXT PRIMARY KEY REFERENCES user(id) ON DELETE CASCADE, secret TEXT NOT NULL, confirmedAt INTEGER,
    lastStep INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID`,
  `CREATE TABLE recoveryCodes (
    userId TEXT NOT NULL REFERENCES user(id) ON DELETE CASCADE, hash TEXT NOT NULL, usedAt INTEGER,
    PRIMARY KEY (userId, hash)) WITHOUT ROWID`,
  `CREATE TABLE oneTimeSecrets (
    hash TEXT PRIMARY KEY, kind TEXT NOT NULL, userId TEXT REFERENCES user(id) ON DELETE CASCADE, data TEXT NOT NULL,
    expiresAt INTEGER NOT NULL, tries INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID`,
  'CREATE INDEX oneTimeSecretUser ON oneTimeSecrets (userId)',
  `CREATE TABLE claims (one INTEGER PRIMARY KEY DEFAULT 1 CHECK (one = 1), owner TEXT NOT NULL, at INTEGER NOT NULL)`,

  // AUTOINCREMENT: what is left of a room that was deleted by hand never becomes another one's.
  `CREATE TABLE rooms (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, private INTEGER NOT NULL,
    createdAt INTEGER NOT NULL)`,
  `CREATE TABLE members (
    room INTEGER NOT NULL REFERENCES rooms(number) ON DELETE CASCADE,
    user TEXT NOT NULL REFERENCES user(id) ON DELETE CASCADE,
    role TEXT NOT NULL, joinedAt INTEGER NOT NULL, readSeq INTEGER NOT NULL,
    PRIMARY KEY (room, user)) WITHOUT ROWID`,
  'CREATE INDEX memberUser ON members (user, room)',
  `CREATE TABLE removals (
    room INTEGER NOT NULL REFERENCES rooms(number) ON DELETE CASCADE,
    user TEXT NOT NULL REFERENCES user(id) ON DELETE CASCADE,
    by TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (room, user)) WITHOUT ROWID`,
  // A message outlives its author's account, so author is no foreign key.
  `CREATE TABLE events (
    number INTEGER PRIMARY KEY, room INTEGER NOT NULL, seq INTEGER NOT NULL, position INTEGER NOT NULL,
    kind TEXT NOT NULL, id TEXT, author TEXT NOT NULL, at INTEGER NOT NULL, body TEXT, data TEXT)`,
  'CREATE UNIQUE INDEX eventSeq ON events (room, seq)',
  'CREATE UNIQUE INDEX eventId ON events (id, author) WHERE id IS NOT NULL',
  `CREATE TABLE mentions (
    user TEXT NOT NULL, room INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (user, room, seq)) WITHOUT ROWID`,
  `CREATE TABLE invites (
    id TEXT PRIMARY KEY, room INTEGER NOT NULL REFERENCES rooms(number) ON DELETE CASCADE, codeHash TEXT NOT NULL UNIQUE,
    createdBy TEXT NOT NULL, createdAt INTEGER NOT NULL, expiresAt INTEGER NOT NULL, maxUses INTEGER,
    uses INTEGER NOT NULL DEFAULT 0, revokedAt INTEGER) WITHOUT ROWID`,
  'CREATE INDEX inviteRoom ON invites (room)',
  'CREATE INDEX inviteMaker ON invites (createdBy)',
  `CREATE TABLE inviteUses (
    invite TEXT NOT NULL REFERENCES invites(id) ON DELETE CASCADE,
    user TEXT NOT NULL REFERENCES user(id) ON DELETE CASCADE, usedAt INTEGER NOT NULL,
    PRIMARY KEY (invite, user)) WITHOUT ROWID`,
  `CREATE TABLE posts (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, author TEXT NOT NULL, title TEXT NOT NULL, body TEXT NOT NULL,
    createdAt INTEGER NOT NULL, updatedAt INTEGER NOT NULL)`,

  // AUTOINCREMENT: a number is never used again, so a reader that remembers the last one can skip nothing.
  `CREATE TABLE revocations (
    number INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, grantId TEXT, user TEXT NOT NULL, room TEXT,
    reason TEXT NOT NULL, at INTEGER NOT NULL)`,
  // No foreign keys: what happened stays known when those whom it concerned are gone.
  `CREATE TABLE audit (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, kind TEXT NOT NULL, actor TEXT, subject TEXT,
    address TEXT, userAgent TEXT, detail TEXT NOT NULL)`,
  'CREATE INDEX auditSubject ON audit (subject, number)',
  'CREATE INDEX auditActor ON audit (actor, number)',
  'CREATE INDEX auditKind ON audit (kind, number)',

  `CREATE TRIGGER auditStays BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END`,
  `CREATE TRIGGER auditKept BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END`,
  `CREATE TRIGGER houseClaimed AFTER INSERT ON claims BEGIN
    INSERT INTO audit (at, kind, actor, subject, detail) VALUES (NEW.at, 'house_claimed', NEW.owner, NEW.owner, '{}');
  END`,
  `CREATE TRIGGER sessionBegun AFTER INSERT ON session BEGIN
    INSERT INTO audit (at, kind, actor, subject, address, userAgent, detail)
    VALUES (coalesce(cast(unixepoch(NEW.createdAt, 'subsec') * 1000 AS INTEGER), ${now}), 'signed_in', NEW.userId,
      NEW.userId, NEW.ipAddress, NEW.userAgent,
      json_object('session', NEW.id, 'method', NEW.method, 'provider', NEW.provider));
  END`,
  `CREATE TRIGGER sessionEnded AFTER DELETE ON session BEGIN
    INSERT INTO revocations (kind, grantId, user, reason, at)
    VALUES ('grant', OLD.id, OLD.userId, coalesce(OLD.endReason, 'session_ended'), ${now});
    INSERT INTO audit (at, kind, subject, address, userAgent, detail)
    VALUES (${now}, 'session_ended', OLD.userId, OLD.ipAddress, OLD.userAgent,
      json_object('session', OLD.id, 'reason', coalesce(OLD.endReason, 'session_ended')));
  END`,
  `CREATE TRIGGER sessionReplaced AFTER INSERT ON session WHEN NEW.replaces IS NOT NULL BEGIN
    UPDATE session SET endReason = 'replaced' WHERE id = NEW.replaces;
    DELETE FROM session WHERE id = NEW.replaces;
  END`,
  `CREATE TRIGGER accessTokenEnded AFTER DELETE ON accessTokens BEGIN
    INSERT INTO revocations (kind, grantId, user, reason, at)
    VALUES ('grant', OLD.id, OLD.userId, coalesce(OLD.endReason, 'token_revoked'), ${now});
    INSERT INTO audit (at, kind, subject, detail)
    VALUES (${now}, 'access_token_ended', OLD.userId,
      json_object('token', OLD.id, 'name', OLD.name, 'reason', coalesce(OLD.endReason, 'token_revoked')));
  END`,
  `CREATE TRIGGER userBanned AFTER UPDATE OF bannedAt ON user WHEN NEW.bannedAt IS NOT NULL BEGIN
    UPDATE session SET endReason = 'banned' WHERE userId = NEW.id;
    DELETE FROM session WHERE userId = NEW.id;
    UPDATE accessTokens SET endReason = 'banned' WHERE userId = NEW.id;
    DELETE FROM accessTokens WHERE userId = NEW.id;
    DELETE FROM oneTimeSecrets WHERE userId = NEW.id;
  END`,
  `CREATE TRIGGER userEnding BEFORE DELETE ON user BEGIN
    UPDATE session SET endReason = 'account_ended' WHERE userId = OLD.id;
    UPDATE accessTokens SET endReason = 'account_ended' WHERE userId = OLD.id;
  END`,
  `CREATE TRIGGER roleChanged AFTER UPDATE OF role ON user WHEN NEW.role <> OLD.role BEGIN
    INSERT INTO revocations (kind, user, reason, at) VALUES ('role', NEW.id, NEW.role, ${now});
  END`,
  `CREATE TRIGGER memberEnded AFTER DELETE ON members BEGIN
    INSERT INTO revocations (kind, user, room, reason, at)
    SELECT 'membership', OLD.user, rooms.id, 'membership_ended', ${now}
    FROM rooms WHERE rooms.number = OLD.room;
  END`,
  // Before the cascade, since the room's id is in its row.
  'CREATE TRIGGER roomEnding BEFORE DELETE ON rooms BEGIN DELETE FROM members WHERE room = OLD.number; END',
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
