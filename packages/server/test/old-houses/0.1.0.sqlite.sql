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
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, private INTEGER NOT NULL,
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
INSERT INTO kysely_migration VALUES ('0001-first-schema', '2026-11-25T00:23:15.721Z');
INSERT INTO kysely_migration_lock VALUES ('migration_lock', 0);
INSERT INTO user VALUES ('w5fmoz7ifx1fceay', 'Ada', 'ada', 'ada@example.org', 0, 'owner', '2026-11-25T00:23:15.928Z', '2026-11-25T00:23:15.928Z', NULL, NULL);
INSERT INTO user VALUES ('kt27xazvtbiux8ui', 'Grace', 'grace', 'grace@example.org', 0, 'member', '2026-11-25T00:23:16.032Z', '2026-11-25T00:23:16.032Z', NULL, NULL);
INSERT INTO user VALUES ('d7dqob62foomb6lf', 'Linus', 'linus', 'linus@example.org', 0, 'member', '2026-11-25T00:23:16.121Z', '2026-11-25T00:23:16.121Z', NULL, NULL);
INSERT INTO passwords VALUES ('d7dqob62foomb6lf', '$argon2id$v=19$m=19456,t=2,p=1$VXHi6TNM++u9zNM0tIITLA$Jon+TB6ADRmGiNlCGx+8vG/q5mn9RIlgQb+B9YpI4O0', 1795566196122);
INSERT INTO passwords VALUES ('kt27xazvtbiux8ui', '$argon2id$v=19$m=19456,t=2,p=1$/+XQX09WEj9mkQM6ImAG4A$0mfG93kIP+oOgEAp57kluJCknTRsb5cQSnDGdBkITgI', 1795566196033);
INSERT INTO passwords VALUES ('w5fmoz7ifx1fceay', '$argon2id$v=19$m=19456,t=2,p=1$VtNenW42BawWO+3WumO2ug$sriGvdjcIjBRUVX8nw0bJK/OvsRefQrwgrRil977Hh8', 1795566195929);
INSERT INTO identities VALUES ('staff', 'subject', 'kt27xazvtbiux8ui', NULL, 1);
INSERT INTO session VALUES ('hg1g3agix1xry4ta', 'ACu6E-hihJSK2msDKwrIwiuMZERQ9YJcrg61LWX7ybU', 'w5fmoz7ifx1fceay', '2026-11-25T00:23:15.930Z', '2026-11-25T00:23:15.930Z', 1795566195930, '2027-02-23T00:23:15.930Z', '127.0.0.1', 'node', 'sign_up', NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO session VALUES ('mij7qetr03nuhomu', 'oQBQfRB0KYmxC_mHxsQEQr73ytun7WQoagC2z24VGOk', 'kt27xazvtbiux8ui', '2026-11-25T00:23:16.034Z', '2026-11-25T00:23:16.034Z', 1795566196034, '2027-02-23T00:23:16.034Z', '127.0.0.1', 'node', 'sign_up', NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO accessTokens VALUES ('pat_22fpkygbf0rocz6b', 'laN8cUg2G0TzXIe-QaoDrBwU9dB11LlgdIQGcTeFn_o', 'w5fmoz7ifx1fceay', 'Bot', 'read', 1795566196239, 4102444800000, NULL, NULL);
INSERT INTO passkeys VALUES ('key', 'w5fmoz7ifx1fceay', 'Key', X'00FF', 3, '[]', 1, 1, NULL);
INSERT INTO claims VALUES (1, 'w5fmoz7ifx1fceay', 1795566195927);
INSERT INTO rooms VALUES (1, 'y2d000viet5ersfg', 'General', 0, 1795566195741);
INSERT INTO rooms VALUES (2, '0ro4c2bmoy92ry20', 'Sports', 0, 1795566195741);
INSERT INTO rooms VALUES (3, '3ibmh7q43gbghjlz', 'Music', 0, 1795566195741);
INSERT INTO rooms VALUES (4, 'mfqkb5ntz0hswbdx', 'Lobby', 0, 1795566196143);
INSERT INTO rooms VALUES (5, 'zo6su0952xd7bdpq', 'Designers', 1, 1795566196183);
INSERT INTO members VALUES (1, 'd7dqob62foomb6lf', 'member', 1795566196127, 3);
INSERT INTO members VALUES (1, 'kt27xazvtbiux8ui', 'member', 1795566196035, 2);
INSERT INTO members VALUES (1, 'w5fmoz7ifx1fceay', 'member', 1795566195932, 1);
INSERT INTO members VALUES (4, 'kt27xazvtbiux8ui', 'member', 1795566196152, 4);
INSERT INTO members VALUES (4, 'w5fmoz7ifx1fceay', 'owner', 1795566196143, 3);
INSERT INTO members VALUES (5, 'kt27xazvtbiux8ui', 'member', 1795566196196, 2);
INSERT INTO members VALUES (5, 'w5fmoz7ifx1fceay', 'owner', 1795566196183, 1);
INSERT INTO removals VALUES (5, 'd7dqob62foomb6lf', 'w5fmoz7ifx1fceay', 1795566196217);
INSERT INTO events VALUES (1, 1, 1, 0, 'member', NULL, 'w5fmoz7ifx1fceay', 1795566195932, NULL, '{"change":"joined"}');
INSERT INTO events VALUES (2, 1, 2, 0, 'member', NULL, 'kt27xazvtbiux8ui', 1795566196035, NULL, '{"change":"joined"}');
INSERT INTO events VALUES (3, 1, 3, 0, 'member', NULL, 'd7dqob62foomb6lf', 1795566196127, NULL, '{"change":"joined"}');
INSERT INTO events VALUES (4, 4, 1, 0, 'member', NULL, 'w5fmoz7ifx1fceay', 1795566196143, NULL, '{"change":"created"}');
INSERT INTO events VALUES (5, 4, 2, 0, 'member', NULL, 'kt27xazvtbiux8ui', 1795566196152, NULL, '{"change":"joined"}');
INSERT INTO events VALUES (6, 4, 3, 1, 'message', 'first', 'w5fmoz7ifx1fceay', 1795566196166, 'Good morning, @grace: a quote '' and ", a tab	, 📦 and a \', NULL);
INSERT INTO events VALUES (7, 4, 4, 2, 'message', 'second', 'kt27xazvtbiux8ui', 1795566196176, 'Good morning', NULL);
INSERT INTO events VALUES (8, 5, 1, 0, 'member', NULL, 'w5fmoz7ifx1fceay', 1795566196183, NULL, '{"change":"created"}');
INSERT INTO events VALUES (9, 5, 2, 0, 'member', NULL, 'kt27xazvtbiux8ui', 1795566196196, NULL, '{"change":"added","by":{"id":"w5fmoz7ifx1fceay","name":"Ada"}}');
INSERT INTO events VALUES (10, 5, 3, 0, 'member', NULL, 'd7dqob62foomb6lf', 1795566196206, NULL, '{"change":"added","by":{"id":"w5fmoz7ifx1fceay","name":"Ada"}}');
INSERT INTO events VALUES (11, 5, 4, 1, 'message', 'third', 'd7dqob62foomb6lf', 1795566196213, 'Am I to go?', NULL);
INSERT INTO events VALUES (12, 5, 5, 1, 'member', NULL, 'd7dqob62foomb6lf', 1795566196217, NULL, '{"change":"removed","by":{"id":"w5fmoz7ifx1fceay","name":"Ada"}}');
INSERT INTO mentions VALUES ('kt27xazvtbiux8ui', 4, 3);
INSERT INTO invites VALUES ('s9kx95sd3971ibuf', 5, 'ftGDxKGhe025PnwaMN7MVxhpI733XyPE4_v4vc0hpg8', 'w5fmoz7ifx1fceay', 1795566196230, 1796170996230, 1, 0, NULL);
INSERT INTO posts VALUES (1, 'kw6d7mx1opjsuopy', 'w5fmoz7ifx1fceay', 'Opening', 'We are open.', 1795566196226, 1795566196226);
INSERT INTO revocations VALUES (1, 'membership', NULL, 'd7dqob62foomb6lf', 'zo6su0952xd7bdpq', 'membership_ended', 1795566196219);
INSERT INTO revocations VALUES (2, 'grant', 'xbmbcae5mk8yuzeg', 'd7dqob62foomb6lf', NULL, 'signed_out', 1795566196245);
INSERT INTO audit VALUES (1, 1795566195927, 'house_claimed', 'w5fmoz7ifx1fceay', 'w5fmoz7ifx1fceay', NULL, NULL, '{}');
INSERT INTO audit VALUES (2, 1795566195929, 'signed_up', 'w5fmoz7ifx1fceay', 'w5fmoz7ifx1fceay', '127.0.0.1', 'node', '{}');
INSERT INTO audit VALUES (3, 1795566195930, 'signed_in', 'w5fmoz7ifx1fceay', 'w5fmoz7ifx1fceay', '127.0.0.1', 'node', '{"session":"hg1g3agix1xry4ta","method":"sign_up","provider":null}');
INSERT INTO audit VALUES (4, 1795566196033, 'signed_up', 'kt27xazvtbiux8ui', 'kt27xazvtbiux8ui', '127.0.0.1', 'node', '{}');
INSERT INTO audit VALUES (5, 1795566196034, 'signed_in', 'kt27xazvtbiux8ui', 'kt27xazvtbiux8ui', '127.0.0.1', 'node', '{"session":"mij7qetr03nuhomu","method":"sign_up","provider":null}');
INSERT INTO audit VALUES (6, 1795566196122, 'signed_up', 'd7dqob62foomb6lf', 'd7dqob62foomb6lf', '127.0.0.1', 'node', '{}');
INSERT INTO audit VALUES (7, 1795566196122, 'signed_in', 'd7dqob62foomb6lf', 'd7dqob62foomb6lf', '127.0.0.1', 'node', '{"session":"xbmbcae5mk8yuzeg","method":"sign_up","provider":null}');
INSERT INTO audit VALUES (8, 1795566196198, 'member_added', 'w5fmoz7ifx1fceay', 'kt27xazvtbiux8ui', '127.0.0.1', 'node', '{"room":"zo6su0952xd7bdpq"}');
INSERT INTO audit VALUES (9, 1795566196207, 'member_added', 'w5fmoz7ifx1fceay', 'd7dqob62foomb6lf', '127.0.0.1', 'node', '{"room":"zo6su0952xd7bdpq"}');
INSERT INTO audit VALUES (10, 1795566196218, 'member_removed', 'w5fmoz7ifx1fceay', 'd7dqob62foomb6lf', '127.0.0.1', 'node', '{"room":"zo6su0952xd7bdpq"}');
INSERT INTO audit VALUES (11, 1795566196231, 'invite_made', 'w5fmoz7ifx1fceay', NULL, '127.0.0.1', 'node', '{"room":"zo6su0952xd7bdpq","invite":"s9kx95sd3971ibuf"}');
INSERT INTO audit VALUES (12, 1795566196240, 'access_token_created', 'w5fmoz7ifx1fceay', 'w5fmoz7ifx1fceay', '127.0.0.1', 'node', '{"token":"pat_22fpkygbf0rocz6b","name":"Bot","scope":"read","expiresAt":"2026-12-25T00:23:16.000Z"}');
INSERT INTO audit VALUES (13, 1795566196245, 'session_ended', NULL, 'd7dqob62foomb6lf', '127.0.0.1', 'node', '{"session":"xbmbcae5mk8yuzeg","reason":"signed_out"}');
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
