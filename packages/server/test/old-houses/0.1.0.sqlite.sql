CREATE TABLE "kysely_migration" ("name" varchar(255) not null primary key, "timestamp" varchar(255) not null);
CREATE TABLE "kysely_migration_lock" ("id" varchar(255) not null primary key, "is_locked" integer default 0 not null);
CREATE TABLE user (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, handle TEXT NOT NULL, email TEXT NOT NULL UNIQUE,
    emailVerified INTEGER NOT NULL DEFAULT 0, role TEXT NOT NULL DEFAULT 'member', createdAt TEXT NOT NULL,
    updatedAt TEXT NOT NULL, bannedAt INTEGER, banReason TEXT);
CREATE TABLE passwords (
    userId TEXT PRIMARY KEY REFERENCES user(id) ON DELETE CASCADE, hash TEXT NOT NULL, changedAt INTEGER NOT NULL)
    WITHOUT ROWID;
CREATE TABLE identities (
    provider TEXT NOT NULL, subject TEXT NOT NULL, userId TEXT NOT NULL REFERENCES user(id) ON DELETE CASCADE,
    email TEXT, linkedAt INTEGER NOT NULL, PRIMARY KEY (provider, subject)) WITHOUT ROWID;
CREATE TABLE session (
    id TEXT PRIMARY KEY, tokenHash TEXT NOT NULL UNIQUE, userId TEXT NOT NULL REFERENCES user(id) ON DELETE CASCADE,
    createdAt TEXT NOT NULL, updatedAt TEXT NOT NULL, confirmedAt INTEGER NOT NULL, expiresAt TEXT NOT NULL,
    ipAddress TEXT NOT NULL,
    userAgent TEXT NOT NULL, method TEXT NOT NULL, provider TEXT, providerSubject TEXT, providerSession TEXT,
    providerIdToken TEXT, replaces TEXT, endReason TEXT);
CREATE TABLE usedLogoutTokens (
    hash TEXT PRIMARY KEY, provider TEXT NOT NULL, subject TEXT, session TEXT, issuedAt INTEGER NOT NULL,
    expiresAt INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE accessTokens (
    id TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, userId TEXT NOT NULL REFERENCES user(id) ON DELETE CASCADE,
    name TEXT NOT NULL, scope TEXT NOT NULL, createdAt INTEGER NOT NULL, expiresAt INTEGER NOT NULL,
    lastUsedAt INTEGER, endReason TEXT) WITHOUT ROWID;
CREATE TABLE passkeys (
    id TEXT PRIMARY KEY, userId TEXT NOT NULL REFERENCES user(id) ON DELETE CASCADE, name TEXT NOT NULL,
    publicKey BLOB NOT NULL, counter INTEGER NOT NULL, transports TEXT NOT NULL, backedUp INTEGER NOT NULL,
    createdAt INTEGER NOT NULL, lastUsedAt INTEGER) WITHOUT ROWID;
CREATE TABLE secondFactors (
    userId TEXT PRIMARY KEY REFERENCES user(id) ON DELETE CASCADE, secret TEXT NOT NULL, confirmedAt INTEGER,
    lastStep INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE TABLE recoveryCodes (
    userId TEXT NOT NULL REFERENCES user(id) ON DELETE CASCADE, hash TEXT NOT NULL, usedAt INTEGER,
    PRIMARY KEY (userId, hash)) WITHOUT ROWID;
CREATE TABLE oneTimeSecrets (
    hash TEXT PRIMARY KEY, kind TEXT NOT NULL, userId TEXT REFERENCES user(id) ON DELETE CASCADE, data TEXT NOT NULL,
    expiresAt INTEGER NOT NULL, tries INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE TABLE claims (one INTEGER PRIMARY KEY DEFAULT 1 CHECK (one = 1), owner TEXT NOT NULL, at INTEGER NOT NULL);
CREATE TABLE rooms (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, private INTEGER NOT NULL,
    createdAt INTEGER NOT NULL);
CREATE TABLE members (
    room INTEGER NOT NULL REFERENCES rooms(number) ON DELETE CASCADE,
    user TEXT NOT NULL REFERENCES user(id) ON DELETE CASCADE,
    role TEXT NOT NULL, joinedAt INTEGER NOT NULL, readSeq INTEGER NOT NULL,
    PRIMARY KEY (room, user)) WITHOUT ROWID;
CREATE TABLE removals (
    room INTEGER NOT NULL REFERENCES rooms(number) ON DELETE CASCADE,
    user TEXT NOT NULL REFERENCES user(id) ON DELETE CASCADE,
    by TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (room, user)) WITHOUT ROWID;
CREATE TABLE events (
    number INTEGER PRIMARY KEY, room INTEGER NOT NULL, seq INTEGER NOT NULL, position INTEGER NOT NULL,
    kind TEXT NOT NULL, id TEXT, author TEXT NOT NULL, at INTEGER NOT NULL, body TEXT, data TEXT);
CREATE TABLE mentions (
    user TEXT NOT NULL, room INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (user, room, seq)) WITHOUT ROWID;
CREATE TABLE invites (
    id TEXT PRIMARY KEY, room INTEGER NOT NULL REFERENCES rooms(number) ON DELETE CASCADE, codeHash TEXT NOT NULL UNIQUE,
    createdBy TEXT NOT NULL, createdAt INTEGER NOT NULL, expiresAt INTEGER NOT NULL, maxUses INTEGER,
    uses INTEGER NOT NULL DEFAULT 0, revokedAt INTEGER) WITHOUT ROWID;
CREATE TABLE inviteUses (
    invite TEXT NOT NULL REFERENCES invites(id) ON DELETE CASCADE,
    user TEXT NOT NULL REFERENCES user(id) ON DELETE CASCADE, usedAt INTEGER NOT NULL,
    PRIMARY KEY (invite, user)) WITHOUT ROWID;
CREATE TABLE posts (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, author TEXT NOT NULL, title TEXT NOT NULL, body TEXT NOT NULL,
    createdAt INTEGER NOT NULL, updatedAt INTEGER NOT NULL);
CREATE TABLE revocations (
    number INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, grantId TEXT, user TEXT NOT NULL, room TEXT,
    reason TEXT NOT NULL, at INTEGER NOT NULL);
CREATE TABLE audit (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, kind TEXT NOT NULL, actor TEXT, subject TEXT,
    address TEXT, userAgent TEXT, detail TEXT NOT NULL);
INSERT INTO kysely_migration VALUES ('0001-first-schema', '2026-11-30T03:24:51.016Z');
INSERT INTO kysely_migration_lock VALUES ('migration_lock', 0);
INSERT INTO user VALUES ('00xo5354teh52753', 'Ada', 'ada', 'ada@example.org', 0, 'owner', '2026-11-30T03:24:53.557Z', '2026-11-30T03:24:53.557Z', NULL, NULL);
INSERT INTO user VALUES ('fqyx1w29q93q4df9', 'Grace', 'grace', 'grace@example.org', 0, 'member', '2026-11-30T03:24:55.181Z', '2026-11-30T03:24:55.181Z', NULL, NULL);
INSERT INTO user VALUES ('tpoqpokj3dmp56y7', 'Linus', 'linus', 'linus@example.org', 0, 'member', '2026-11-30T03:24:56.223Z', '2026-11-30T03:24:56.223Z', NULL, NULL);
INSERT INTO passwords VALUES ('00xo5354teh52753', '$argon2id$v=19$m=19456,t=2,p=1$T13YZ4HHK8QM9TdQzqywOg$W0WKYWu0Mx7HE+EdLk0iw9aqJ7/blqomZqXtCLizwno', 1796009093558);
INSERT INTO passwords VALUES ('fqyx1w29q93q4df9', '$argon2id$v=19$m=19456,t=2,p=1$fJK516aMAN8JT61OIyq5nQ$ytX7dS49A/KD2LgNgVOrHuGyte+gPA2zEV1dNkmR7n0', 1796009095184);
INSERT INTO passwords VALUES ('tpoqpokj3dmp56y7', '$argon2id$v=19$m=19456,t=2,p=1$1/lzfJV6jvCVY37thSy7Xw$F7hz7VbFYF/8KIOS2jEbWeXnjXhSEqv3QjY8kZRuDAA', 1796009096224);
INSERT INTO identities VALUES ('staff', 'subject', 'fqyx1w29q93q4df9', NULL, 1);
INSERT INTO session VALUES ('xdw9njpuvye9axek', 'JoqqHgLbL0UxmB3izmsPLn2XO-z5-BnkjGfqKuGge00', '00xo5354teh52753', '2026-11-30T03:24:53.559Z', '2026-11-30T03:24:53.559Z', 1796009093559, '2027-02-28T03:24:53.559Z', '127.0.0.1', 'node', 'sign_up', NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO session VALUES ('pltubfzxn7r0bvks', 'xCf53GbxAJPpGcqBp7Yv1Ukjjf3qmBQAv5j4Q_L0iKs', 'fqyx1w29q93q4df9', '2026-11-30T03:24:55.185Z', '2026-11-30T03:24:55.185Z', 1796009095185, '2027-02-28T03:24:55.185Z', '127.0.0.1', 'node', 'sign_up', NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO accessTokens VALUES ('pat_s0u7vjjl2a0epipu', 'QrB1F9TI4ufw0PHhtbq1c-h-0-lkIM0xMZVUTct8ing', '00xo5354teh52753', 'Bot', 'read', 1796009096466, 4102444800000, NULL, NULL);
INSERT INTO passkeys VALUES ('key', '00xo5354teh52753', 'Key', X'00FF', 3, '[]', 1, 1, NULL);
INSERT INTO claims VALUES (1, '00xo5354teh52753', 1796009093544);
INSERT INTO rooms VALUES (1, 'jlyo1ww1phkb55e1', 'General', 0, 1796009091207);
INSERT INTO rooms VALUES (2, 'b1wqxb6bayyg9lx6', 'Sports', 0, 1796009091207);
INSERT INTO rooms VALUES (3, 'wjmrk5qbjba123qc', 'Music', 0, 1796009091207);
INSERT INTO rooms VALUES (4, 'esny3isw5bkzcipy', 'Lobby', 0, 1796009096256);
INSERT INTO rooms VALUES (5, 'tls9uo71eeak8joi', 'Designers', 1, 1796009096411);
INSERT INTO members VALUES (1, '00xo5354teh52753', 'member', 1796009093560, 1);
INSERT INTO members VALUES (1, 'fqyx1w29q93q4df9', 'member', 1796009095187, 2);
INSERT INTO members VALUES (1, 'tpoqpokj3dmp56y7', 'member', 1796009096245, 3);
INSERT INTO members VALUES (4, '00xo5354teh52753', 'owner', 1796009096256, 3);
INSERT INTO members VALUES (4, 'fqyx1w29q93q4df9', 'member', 1796009096279, 4);
INSERT INTO members VALUES (5, '00xo5354teh52753', 'owner', 1796009096411, 1);
INSERT INTO members VALUES (5, 'fqyx1w29q93q4df9', 'member', 1796009096421, 2);
INSERT INTO removals VALUES (5, 'tpoqpokj3dmp56y7', '00xo5354teh52753', 1796009096437);
INSERT INTO events VALUES (1, 1, 1, 0, 'member', NULL, '00xo5354teh52753', 1796009093560, NULL, '{"change":"joined"}');
INSERT INTO events VALUES (2, 1, 2, 0, 'member', NULL, 'fqyx1w29q93q4df9', 1796009095187, NULL, '{"change":"joined"}');
INSERT INTO events VALUES (3, 1, 3, 0, 'member', NULL, 'tpoqpokj3dmp56y7', 1796009096245, NULL, '{"change":"joined"}');
INSERT INTO events VALUES (4, 4, 1, 0, 'member', NULL, '00xo5354teh52753', 1796009096256, NULL, '{"change":"created"}');
INSERT INTO events VALUES (5, 4, 2, 0, 'member', NULL, 'fqyx1w29q93q4df9', 1796009096279, NULL, '{"change":"joined"}');
INSERT INTO events VALUES (6, 4, 3, 1, 'message', 'first', '00xo5354teh52753', 1796009096391, 'Good morning, @grace: a quote '' and ", a tab	, 📦 and a \', NULL);
INSERT INTO events VALUES (7, 4, 4, 2, 'message', 'second', 'fqyx1w29q93q4df9', 1796009096406, 'Good morning', NULL);
INSERT INTO events VALUES (8, 5, 1, 0, 'member', NULL, '00xo5354teh52753', 1796009096411, NULL, '{"change":"created"}');
INSERT INTO events VALUES (9, 5, 2, 0, 'member', NULL, 'fqyx1w29q93q4df9', 1796009096421, NULL, '{"change":"added","by":{"id":"00xo5354teh52753","name":"Ada"}}');
INSERT INTO events VALUES (10, 5, 3, 0, 'member', NULL, 'tpoqpokj3dmp56y7', 1796009096429, NULL, '{"change":"added","by":{"id":"00xo5354teh52753","name":"Ada"}}');
INSERT INTO events VALUES (11, 5, 4, 1, 'message', 'third', 'tpoqpokj3dmp56y7', 1796009096434, 'Am I to go?', NULL);
INSERT INTO events VALUES (12, 5, 5, 1, 'member', NULL, 'tpoqpokj3dmp56y7', 1796009096437, NULL, '{"change":"removed","by":{"id":"00xo5354teh52753","name":"Ada"}}');
INSERT INTO mentions VALUES ('fqyx1w29q93q4df9', 4, 3);
INSERT INTO invites VALUES ('hl0hmnxmlqpthh4s', 5, 'SF0WJ20t2UtGP84fE2yDnZWv_0s8F24r9ArdrTJppuM', '00xo5354teh52753', 1796009096448, 1796613896448, 1, 0, NULL);
INSERT INTO posts VALUES (1, 'xeuul6vip34ku6vb', '00xo5354teh52753', 'Opening', 'We are open.', 1796009096445, 1796009096445);
INSERT INTO revocations VALUES (1, 'membership', NULL, 'tpoqpokj3dmp56y7', 'tls9uo71eeak8joi', 'membership_ended', 1796009096440);
INSERT INTO revocations VALUES (2, 'grant', '2v5x88ava3mogocu', 'tpoqpokj3dmp56y7', NULL, 'signed_out', 1796009096501);
INSERT INTO audit VALUES (1, 1796009093544, 'house_claimed', '00xo5354teh52753', '00xo5354teh52753', NULL, NULL, '{}');
INSERT INTO audit VALUES (2, 1796009093558, 'signed_up', '00xo5354teh52753', '00xo5354teh52753', '127.0.0.1', 'node', '{}');
INSERT INTO audit VALUES (3, 1796009093559, 'signed_in', '00xo5354teh52753', '00xo5354teh52753', '127.0.0.1', 'node', '{"session":"xdw9njpuvye9axek","method":"sign_up","provider":null}');
INSERT INTO audit VALUES (4, 1796009095183, 'signed_up', 'fqyx1w29q93q4df9', 'fqyx1w29q93q4df9', '127.0.0.1', 'node', '{}');
INSERT INTO audit VALUES (5, 1796009095185, 'signed_in', 'fqyx1w29q93q4df9', 'fqyx1w29q93q4df9', '127.0.0.1', 'node', '{"session":"pltubfzxn7r0bvks","method":"sign_up","provider":null}');
INSERT INTO audit VALUES (6, 1796009096224, 'signed_up', 'tpoqpokj3dmp56y7', 'tpoqpokj3dmp56y7', '127.0.0.1', 'node', '{}');
INSERT INTO audit VALUES (7, 1796009096235, 'signed_in', 'tpoqpokj3dmp56y7', 'tpoqpokj3dmp56y7', '127.0.0.1', 'node', '{"session":"2v5x88ava3mogocu","method":"sign_up","provider":null}');
INSERT INTO audit VALUES (8, 1796009096422, 'member_added', '00xo5354teh52753', 'fqyx1w29q93q4df9', '127.0.0.1', 'node', '{"room":"tls9uo71eeak8joi"}');
INSERT INTO audit VALUES (9, 1796009096430, 'member_added', '00xo5354teh52753', 'tpoqpokj3dmp56y7', '127.0.0.1', 'node', '{"room":"tls9uo71eeak8joi"}');
INSERT INTO audit VALUES (10, 1796009096438, 'member_removed', '00xo5354teh52753', 'tpoqpokj3dmp56y7', '127.0.0.1', 'node', '{"room":"tls9uo71eeak8joi"}');
INSERT INTO audit VALUES (11, 1796009096449, 'invite_made', '00xo5354teh52753', NULL, '127.0.0.1', 'node', '{"room":"tls9uo71eeak8joi","invite":"hl0hmnxmlqpthh4s"}');
INSERT INTO audit VALUES (12, 1796009096472, 'access_token_created', '00xo5354teh52753', '00xo5354teh52753', '127.0.0.1', 'node', '{"token":"pat_s0u7vjjl2a0epipu","name":"Bot","scope":"read","expiresAt":"2026-12-30T03:24:56.000Z"}');
INSERT INTO audit VALUES (13, 1796009096501, 'session_ended', NULL, 'tpoqpokj3dmp56y7', '127.0.0.1', 'node', '{"session":"2v5x88ava3mogocu","reason":"signed_out"}');
INSERT INTO sqlite_sequence VALUES ('rooms', 5);
INSERT INTO sqlite_sequence VALUES ('audit', 13);
INSERT INTO sqlite_sequence VALUES ('revocations', 2);
CREATE INDEX userHandle ON user (handle);
CREATE UNIQUE INDEX oneOwner ON user (role) WHERE role = 'owner';
CREATE UNIQUE INDEX identityUser ON identities (userId, provider);
CREATE INDEX sessionUser ON session (userId);
CREATE INDEX sessionProvider ON session (provider, providerSubject) WHERE provider IS NOT NULL;
CREATE INDEX usedLogoutTokenProvider ON usedLogoutTokens (provider, subject);
CREATE INDEX usedLogoutTokenSession ON usedLogoutTokens (provider, session);
CREATE INDEX accessTokenUser ON accessTokens (userId);
CREATE INDEX passkeyUser ON passkeys (userId);
CREATE INDEX oneTimeSecretUser ON oneTimeSecrets (userId);
CREATE INDEX memberUser ON members (user, room);
CREATE UNIQUE INDEX eventSeq ON events (room, seq);
CREATE UNIQUE INDEX eventId ON events (id, author) WHERE id IS NOT NULL;
CREATE INDEX inviteRoom ON invites (room);
CREATE INDEX inviteMaker ON invites (createdBy);
CREATE INDEX auditSubject ON audit (subject, number);
CREATE INDEX auditActor ON audit (actor, number);
CREATE INDEX auditKind ON audit (kind, number);
CREATE TRIGGER auditStays BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER auditKept BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER houseClaimed AFTER INSERT ON claims BEGIN
    INSERT INTO audit (at, kind, actor, subject, detail) VALUES (NEW.at, 'house_claimed', NEW.owner, NEW.owner, '{}');
  END;
CREATE TRIGGER sessionBegun AFTER INSERT ON session BEGIN
    INSERT INTO audit (at, kind, actor, subject, address, userAgent, detail)
    VALUES (coalesce(cast(unixepoch(NEW.createdAt, 'subsec') * 1000 AS INTEGER), cast(unixepoch('subsec') * 1000 AS INTEGER)), 'signed_in', NEW.userId,
      NEW.userId, NEW.ipAddress, NEW.userAgent,
      json_object('session', NEW.id, 'method', NEW.method, 'provider', NEW.provider));
  END;
CREATE TRIGGER sessionEnded AFTER DELETE ON session BEGIN
    INSERT INTO revocations (kind, grantId, user, reason, at)
    VALUES ('grant', OLD.id, OLD.userId, coalesce(OLD.endReason, 'session_ended'), cast(unixepoch('subsec') * 1000 AS INTEGER));
    INSERT INTO audit (at, kind, subject, address, userAgent, detail)
    VALUES (cast(unixepoch('subsec') * 1000 AS INTEGER), 'session_ended', OLD.userId, OLD.ipAddress, OLD.userAgent,
      json_object('session', OLD.id, 'reason', coalesce(OLD.endReason, 'session_ended')));
  END;
CREATE TRIGGER sessionReplaced AFTER INSERT ON session WHEN NEW.replaces IS NOT NULL BEGIN
    UPDATE session SET endReason = 'replaced' WHERE id = NEW.replaces;
    DELETE FROM session WHERE id = NEW.replaces;
  END;
CREATE TRIGGER accessTokenEnded AFTER DELETE ON accessTokens BEGIN
    INSERT INTO revocations (kind, grantId, user, reason, at)
    VALUES ('grant', OLD.id, OLD.userId, coalesce(OLD.endReason, 'token_revoked'), cast(unixepoch('subsec') * 1000 AS INTEGER));
    INSERT INTO audit (at, kind, subject, detail)
    VALUES (cast(unixepoch('subsec') * 1000 AS INTEGER), 'access_token_ended', OLD.userId,
      json_object('token', OLD.id, 'name', OLD.name, 'reason', coalesce(OLD.endReason, 'token_revoked')));
  END;
CREATE TRIGGER userBanned AFTER UPDATE OF bannedAt ON user WHEN NEW.bannedAt IS NOT NULL BEGIN
    UPDATE session SET endReason = 'banned' WHERE userId = NEW.id;
    DELETE FROM session WHERE userId = NEW.id;
    UPDATE accessTokens SET endReason = 'banned' WHERE userId = NEW.id;
    DELETE FROM accessTokens WHERE userId = NEW.id;
    DELETE FROM oneTimeSecrets WHERE userId = NEW.id;
  END;
CREATE TRIGGER userEnding BEFORE DELETE ON user BEGIN
    UPDATE session SET endReason = 'account_ended' WHERE userId = OLD.id;
    UPDATE accessTokens SET endReason = 'account_ended' WHERE userId = OLD.id;
  END;
CREATE TRIGGER roleChanged AFTER UPDATE OF role ON user WHEN NEW.role <> OLD.role BEGIN
    INSERT INTO revocations (kind, user, reason, at) VALUES ('role', NEW.id, NEW.role, cast(unixepoch('subsec') * 1000 AS INTEGER));
  END;
CREATE TRIGGER memberEnded AFTER DELETE ON members BEGIN
    INSERT INTO revocations (kind, user, room, reason, at)
    SELECT 'membership', OLD.user, rooms.id, 'membership_ended', cast(unixepoch('subsec') * 1000 AS INTEGER)
    FROM rooms WHERE rooms.number = OLD.room;
  END;
CREATE TRIGGER roomEnding BEFORE DELETE ON rooms BEGIN DELETE FROM members WHERE room = OLD.number; END;
