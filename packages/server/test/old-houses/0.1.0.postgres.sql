CREATE FUNCTION public."accessTokenEnded"() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN INSERT INTO revocations (kind, "grantId", "user", reason, at) VALUES ('grant', OLD.id, OLD."userId", coalesce(OLD."endReason", 'token_revoked'), (extract(epoch FROM clock_timestamp()) * 1000)::bigint);
     INSERT INTO audit (at, kind, subject, detail)
     VALUES ((extract(epoch FROM clock_timestamp()) * 1000)::bigint, 'access_token_ended', OLD."userId",
       json_build_object('token', OLD.id, 'name', OLD.name, 'reason', coalesce(OLD."endReason", 'token_revoked'))::text); RETURN coalesce(NEW, OLD); END $$;
CREATE FUNCTION public."appendMessages"(rooms_ text[], authors text[], ids text[], bodies text[], datas text[], ats bigint[], mentions_ text[]) RETURNS TABLE("isPrivate" bigint, "isMember" boolean, "isFresh" boolean, seq bigint, "position" bigint, at bigint, "sameRoom" boolean, "sameContent" boolean)
    LANGUAGE plpgsql
    AS $$
#variable_conflict use_column
DECLARE
  fresh bigint[];
BEGIN
  PERFORM 1 FROM rooms WHERE rooms.id = ANY(rooms_) ORDER BY rooms.number FOR NO KEY UPDATE;
  SELECT array_agg(f.n) INTO fresh FROM (
    SELECT DISTINCT ON (i.id, i.author) i.n
    FROM unnest(rooms_, authors, ids) WITH ORDINALITY AS i(room, author, id, n)
    JOIN rooms ON rooms.id = i.room
    JOIN members ON members.room = rooms.number AND members."user" = i.author
    WHERE NOT EXISTS (SELECT FROM events WHERE events.id = i.id AND events.author = i.author)
    ORDER BY i.id, i.author, i.n) f;
  IF fresh IS NOT NULL THEN
    INSERT INTO events (room, seq, position, kind, id, author, at, body, data)
    SELECT r.number, r.seq + row_number() OVER each_room, r.position + row_number() OVER each_room, 'message', i.id,
      i.author, i.at, i.body, i.data
    FROM unnest(rooms_, authors, ids, bodies, datas, ats) WITH ORDINALITY AS i(room, author, id, body, data, at, n)
    JOIN (
      SELECT rooms.id, rooms.number, coalesce(head.seq, 0) AS seq, coalesce(head.position, 0) AS position
      FROM rooms LEFT JOIN LATERAL (
        SELECT events.seq, events.position FROM events WHERE events.room = rooms.number ORDER BY events.seq DESC LIMIT 1
      ) head ON true
      WHERE rooms.id = ANY(rooms_)) r ON r.id = i.room
    WHERE i.n = ANY(fresh)
    WINDOW each_room AS (PARTITION BY r.number ORDER BY i.n)
    ORDER BY i.n;
    UPDATE members SET "readSeq" = sent.seq
    FROM (
      SELECT events.room, events.author, max(events.seq) AS seq
      FROM unnest(authors, ids) WITH ORDINALITY AS i(author, id, n)
      JOIN events ON events.id = i.id AND events.author = i.author
      WHERE i.n = ANY(fresh) GROUP BY events.room, events.author) sent
    WHERE members.room = sent.room AND members."user" = sent.author;
    INSERT INTO mentions ("user", room, seq)
    SELECT DISTINCT "user".id, events.room, events.seq
    FROM unnest(authors, ids, mentions_) WITH ORDINALITY AS i(author, id, handles, n)
    JOIN events ON events.id = i.id AND events.author = i.author
    CROSS JOIN LATERAL json_array_elements_text(i.handles::json) AS named(handle)
    JOIN "user" ON "user".handle = named.handle AND "user".id <> i.author
    JOIN members ON members.room = events.room AND members."user" = "user".id
    WHERE i.n = ANY(fresh) AND i.handles IS NOT NULL;
  END IF;
  RETURN QUERY
  SELECT rooms.private, members.room IS NOT NULL, coalesce(i.n = ANY(fresh), false), events.seq, events.position,
    events.at, coalesce(events.room = rooms.number, false),
    coalesce(events.body = i.body AND events.data IS NOT DISTINCT FROM i.data, false)
  FROM unnest(rooms_, authors, ids, bodies, datas) WITH ORDINALITY AS i(room, author, id, body, data, n)
  LEFT JOIN rooms ON rooms.id = i.room
  LEFT JOIN members ON members.room = rooms.number AND members."user" = i.author
  LEFT JOIN events ON events.id = i.id AND events.author = i.author
  ORDER BY i.n;
END $$;
CREATE FUNCTION public."auditStays"() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; RETURN coalesce(NEW, OLD); END $$;
CREATE FUNCTION public."houseClaimed"() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN INSERT INTO audit (at, kind, actor, subject, detail) VALUES (NEW.at, 'house_claimed', NEW.owner, NEW.owner, '{}'); RETURN coalesce(NEW, OLD); END $$;
CREATE FUNCTION public."livingOnly"() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN
    PERFORM 1 FROM "user" WHERE id = NEW."userId" AND "bannedAt" IS NULL FOR SHARE;
    IF NEW."userId" IS NOT NULL AND NOT FOUND THEN RAISE EXCEPTION 'nobody who is banned gets a grant'; END IF;
    RETURN NEW;
  END $$;
CREATE FUNCTION public."memberEnded"() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN INSERT INTO revocations (kind, "user", room, reason, at)
     SELECT 'membership', OLD."user", rooms.id, 'membership_ended', (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM rooms WHERE rooms.number = OLD.room; RETURN coalesce(NEW, OLD); END $$;
CREATE FUNCTION public."revocationNumber"() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN UPDATE "revocationHead" SET number = number + 1 RETURNING number INTO NEW.number; RETURN coalesce(NEW, OLD); END $$;
CREATE FUNCTION public."roleChanged"() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN INSERT INTO revocations (kind, "user", reason, at) VALUES ('role', NEW.id, NEW.role, (extract(epoch FROM clock_timestamp()) * 1000)::bigint); RETURN coalesce(NEW, OLD); END $$;
CREATE FUNCTION public."roomEnding"() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN DELETE FROM members WHERE room = OLD.number; RETURN coalesce(NEW, OLD); END $$;
CREATE FUNCTION public."sessionBegun"() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN INSERT INTO audit (at, kind, actor, subject, address, "userAgent", detail)
     VALUES ((extract(epoch FROM NEW."createdAt"::timestamptz) * 1000)::bigint, 'signed_in', NEW."userId", NEW."userId",
       NEW."ipAddress", NEW."userAgent",
       json_build_object('session', NEW.id, 'method', NEW.method, 'provider', NEW.provider)::text); RETURN coalesce(NEW, OLD); END $$;
CREATE FUNCTION public."sessionEnded"() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN INSERT INTO revocations (kind, "grantId", "user", reason, at) VALUES ('grant', OLD.id, OLD."userId", coalesce(OLD."endReason", 'session_ended'), (extract(epoch FROM clock_timestamp()) * 1000)::bigint);
     INSERT INTO audit (at, kind, subject, address, "userAgent", detail)
     VALUES ((extract(epoch FROM clock_timestamp()) * 1000)::bigint, 'session_ended', OLD."userId", OLD."ipAddress", OLD."userAgent",
       json_build_object('session', OLD.id, 'reason', coalesce(OLD."endReason", 'session_ended'))::text); RETURN coalesce(NEW, OLD); END $$;
CREATE FUNCTION public."sessionReplaced"() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN UPDATE session SET "endReason" = 'replaced' WHERE id = NEW.replaces;
     DELETE FROM session WHERE id = NEW.replaces; RETURN coalesce(NEW, OLD); END $$;
CREATE FUNCTION public."userBanned"() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN UPDATE session SET "endReason" = 'banned' WHERE "userId" = NEW.id;
     DELETE FROM session WHERE "userId" = NEW.id;
     UPDATE "accessTokens" SET "endReason" = 'banned' WHERE "userId" = NEW.id;
     DELETE FROM "accessTokens" WHERE "userId" = NEW.id;
     DELETE FROM "oneTimeSecrets" WHERE "userId" = NEW.id; RETURN coalesce(NEW, OLD); END $$;
CREATE FUNCTION public."userEnding"() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN UPDATE session SET "endReason" = 'account_ended' WHERE "userId" = OLD.id;
     UPDATE "accessTokens" SET "endReason" = 'account_ended' WHERE "userId" = OLD.id; RETURN coalesce(NEW, OLD); END $$;
CREATE TABLE public."accessTokens" (
    id text NOT NULL,
    hash text NOT NULL,
    "userId" text NOT NULL,
    name text NOT NULL,
    scope text NOT NULL,
    "createdAt" bigint NOT NULL,
    "expiresAt" bigint NOT NULL,
    "lastUsedAt" bigint,
    "endReason" text
);
CREATE TABLE public.audit (
    number bigint NOT NULL,
    at bigint NOT NULL,
    kind text NOT NULL,
    actor text,
    subject text,
    address text,
    "userAgent" text,
    detail text NOT NULL
);
ALTER TABLE public.audit ALTER COLUMN number ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.audit_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.claims (
    one bigint DEFAULT 1 NOT NULL,
    owner text NOT NULL,
    at bigint NOT NULL,
    CONSTRAINT claims_one_check CHECK ((one = 1))
);
CREATE TABLE public.events (
    number bigint NOT NULL,
    room bigint NOT NULL,
    seq bigint NOT NULL,
    "position" bigint NOT NULL,
    kind text NOT NULL,
    id text,
    author text NOT NULL,
    at bigint NOT NULL,
    body text,
    data text
);
ALTER TABLE public.events ALTER COLUMN number ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.events_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.identities (
    provider text NOT NULL,
    subject text NOT NULL,
    "userId" text NOT NULL,
    email text,
    "linkedAt" bigint NOT NULL
);
CREATE TABLE public."inviteUses" (
    invite text NOT NULL,
    "user" text NOT NULL,
    "usedAt" bigint NOT NULL
);
CREATE TABLE public.invites (
    id text NOT NULL,
    room bigint NOT NULL,
    "codeHash" text NOT NULL,
    "createdBy" text NOT NULL,
    "createdAt" bigint NOT NULL,
    "expiresAt" bigint NOT NULL,
    "maxUses" bigint,
    uses bigint DEFAULT 0 NOT NULL,
    "revokedAt" bigint
);
CREATE TABLE public.kysely_migration (
    name character varying(255) NOT NULL,
    "timestamp" character varying(255) NOT NULL
);
CREATE TABLE public.kysely_migration_lock (
    id character varying(255) NOT NULL,
    is_locked integer DEFAULT 0 NOT NULL
);
CREATE TABLE public.members (
    room bigint NOT NULL,
    "user" text NOT NULL,
    role text NOT NULL,
    "joinedAt" bigint NOT NULL,
    "readSeq" bigint NOT NULL
);
CREATE TABLE public.mentions (
    "user" text NOT NULL,
    room bigint NOT NULL,
    seq bigint NOT NULL
);
CREATE TABLE public."oneTimeSecrets" (
    hash text NOT NULL,
    kind text NOT NULL,
    "userId" text,
    data text NOT NULL,
    "expiresAt" bigint NOT NULL,
    tries bigint DEFAULT 0 NOT NULL
);
CREATE TABLE public.passkeys (
    id text NOT NULL,
    "userId" text NOT NULL,
    name text NOT NULL,
    "publicKey" bytea NOT NULL,
    counter bigint NOT NULL,
    transports text NOT NULL,
    "backedUp" bigint NOT NULL,
    "createdAt" bigint NOT NULL,
    "lastUsedAt" bigint
);
CREATE TABLE public.passwords (
    "userId" text NOT NULL,
    hash text NOT NULL,
    "changedAt" bigint NOT NULL
);
CREATE TABLE public.posts (
    number bigint NOT NULL,
    id text NOT NULL,
    author text NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    "createdAt" bigint NOT NULL,
    "updatedAt" bigint NOT NULL
);
ALTER TABLE public.posts ALTER COLUMN number ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.posts_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.probes (
    one bigint NOT NULL
);
CREATE TABLE public."recoveryCodes" (
    "userId" text NOT NULL,
    hash text NOT NULL,
    "usedAt" bigint
);
CREATE TABLE public.removals (
    room bigint NOT NULL,
    "user" text NOT NULL,
    by text NOT NULL,
    at bigint NOT NULL
);
CREATE TABLE public."revocationHead" (
    one bigint NOT NULL,
    number bigint NOT NULL,
    CONSTRAINT "revocationHead_one_check" CHECK ((one = 1))
);
CREATE TABLE public.revocations (
    number bigint NOT NULL,
    kind text NOT NULL,
    "grantId" text,
    "user" text NOT NULL,
    room text,
    reason text NOT NULL,
    at bigint NOT NULL
);
CREATE TABLE public.rooms (
    number bigint NOT NULL,
    id text NOT NULL,
    name text NOT NULL,
    private bigint NOT NULL,
    "createdAt" bigint NOT NULL
);
ALTER TABLE public.rooms ALTER COLUMN number ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.rooms_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public."secondFactors" (
    "userId" text NOT NULL,
    secret text NOT NULL,
    "confirmedAt" bigint,
    "lastStep" bigint DEFAULT 0 NOT NULL
);
CREATE TABLE public.session (
    id text NOT NULL,
    "tokenHash" text NOT NULL,
    "userId" text NOT NULL,
    "createdAt" text NOT NULL,
    "updatedAt" text NOT NULL,
    "confirmedAt" bigint NOT NULL,
    "expiresAt" text NOT NULL,
    "ipAddress" text NOT NULL,
    "userAgent" text NOT NULL,
    method text NOT NULL,
    provider text,
    "providerSubject" text,
    "providerSession" text,
    "providerIdToken" text,
    replaces text,
    "endReason" text
);
CREATE UNLOGGED TABLE public.tickets (
    hash text NOT NULL,
    "grantId" text NOT NULL,
    "userId" text NOT NULL,
    "expiresAt" bigint NOT NULL
);
CREATE TABLE public."usedLogoutTokens" (
    hash text NOT NULL,
    provider text NOT NULL,
    subject text,
    session text,
    "issuedAt" bigint NOT NULL,
    "expiresAt" bigint NOT NULL
);
CREATE TABLE public."user" (
    id text NOT NULL,
    name text NOT NULL,
    handle text NOT NULL,
    email text NOT NULL,
    "emailVerified" bigint DEFAULT 0 NOT NULL,
    role text DEFAULT 'member'::text NOT NULL,
    "createdAt" text NOT NULL,
    "updatedAt" text NOT NULL,
    "bannedAt" bigint,
    "banReason" text
);
INSERT INTO public."accessTokens" VALUES ('pat_9kbmeb2o3nxa5i7i', '3kS2UOq1W4oE0rSLq8SQldfzjh0IYxZjx6qxEp7yGhA', 'act5cyuuza9dq617', 'Bot', 'read', 1796009115311, 4102444800000, NULL, NULL);
INSERT INTO public.audit VALUES (1, 1796009111872, 'house_claimed', 'act5cyuuza9dq617', 'act5cyuuza9dq617', NULL, NULL, '{}');
INSERT INTO public.audit VALUES (2, 1796009111885, 'signed_up', 'act5cyuuza9dq617', 'act5cyuuza9dq617', '127.0.0.1', 'node', '{}');
INSERT INTO public.audit VALUES (3, 1796009111893, 'signed_in', 'act5cyuuza9dq617', 'act5cyuuza9dq617', '127.0.0.1', 'node', '{"session" : "5jw00x85dly6s06e", "method" : "sign_up", "provider" : null}');
INSERT INTO public.audit VALUES (4, 1796009113401, 'signed_up', 'yjthepd6kvn6ndg8', 'yjthepd6kvn6ndg8', '127.0.0.1', 'node', '{}');
INSERT INTO public.audit VALUES (5, 1796009113453, 'signed_in', 'yjthepd6kvn6ndg8', 'yjthepd6kvn6ndg8', '127.0.0.1', 'node', '{"session" : "jxlcwx9iyggeic5i", "method" : "sign_up", "provider" : null}');
INSERT INTO public.audit VALUES (6, 1796009114165, 'signed_up', '0kufr4fq8q064dt7', '0kufr4fq8q064dt7', '127.0.0.1', 'node', '{}');
INSERT INTO public.audit VALUES (7, 1796009114171, 'signed_in', '0kufr4fq8q064dt7', '0kufr4fq8q064dt7', '127.0.0.1', 'node', '{"session" : "q4vkapwgsvyglikj", "method" : "sign_up", "provider" : null}');
INSERT INTO public.audit VALUES (8, 1796009115108, 'member_added', 'act5cyuuza9dq617', 'yjthepd6kvn6ndg8', '127.0.0.1', 'node', '{"room":"pifzlb5069kjus96"}');
INSERT INTO public.audit VALUES (9, 1796009115168, 'member_added', 'act5cyuuza9dq617', '0kufr4fq8q064dt7', '127.0.0.1', 'node', '{"room":"pifzlb5069kjus96"}');
INSERT INTO public.audit VALUES (10, 1796009115273, 'member_removed', 'act5cyuuza9dq617', '0kufr4fq8q064dt7', '127.0.0.1', 'node', '{"room":"pifzlb5069kjus96"}');
INSERT INTO public.audit VALUES (11, 1796009115300, 'invite_made', 'act5cyuuza9dq617', NULL, '127.0.0.1', 'node', '{"room":"pifzlb5069kjus96","invite":"rgu1u96fxi7f8hca"}');
INSERT INTO public.audit VALUES (12, 1796009115314, 'access_token_created', 'act5cyuuza9dq617', 'act5cyuuza9dq617', '127.0.0.1', 'node', '{"token":"pat_9kbmeb2o3nxa5i7i","name":"Bot","scope":"read","expiresAt":"2026-12-30T03:25:15.000Z"}');
INSERT INTO public.audit VALUES (13, 1796009115372, 'session_ended', NULL, '0kufr4fq8q064dt7', '127.0.0.1', 'node', '{"session" : "q4vkapwgsvyglikj", "reason" : "signed_out"}');
INSERT INTO public.claims VALUES (1, 'act5cyuuza9dq617', 1796009111872);
INSERT INTO public.events VALUES (1, 1, 1, 0, 'member', NULL, 'act5cyuuza9dq617', 1796009111906, NULL, '{"change":"joined"}');
INSERT INTO public.events VALUES (2, 1, 2, 0, 'member', NULL, 'yjthepd6kvn6ndg8', 1796009113462, NULL, '{"change":"joined"}');
INSERT INTO public.events VALUES (3, 1, 3, 0, 'member', NULL, '0kufr4fq8q064dt7', 1796009114176, NULL, '{"change":"joined"}');
INSERT INTO public.events VALUES (4, 4, 1, 0, 'member', NULL, 'act5cyuuza9dq617', 1796009114246, NULL, '{"change":"created"}');
INSERT INTO public.events VALUES (5, 4, 2, 0, 'member', NULL, 'yjthepd6kvn6ndg8', 1796009114595, NULL, '{"change":"joined"}');
INSERT INTO public.events VALUES (6, 4, 3, 1, 'message', 'first', 'act5cyuuza9dq617', 1796009114771, 'Good morning, @grace: a quote '' and ", a tab	, 📦 and a \', NULL);
INSERT INTO public.events VALUES (7, 4, 4, 2, 'message', 'second', 'yjthepd6kvn6ndg8', 1796009115015, 'Good morning', NULL);
INSERT INTO public.events VALUES (8, 5, 1, 0, 'member', NULL, 'act5cyuuza9dq617', 1796009115049, NULL, '{"change":"created"}');
INSERT INTO public.events VALUES (9, 5, 2, 0, 'member', NULL, 'yjthepd6kvn6ndg8', 1796009115085, NULL, '{"change":"added","by":{"id":"act5cyuuza9dq617","name":"Ada"}}');
INSERT INTO public.events VALUES (10, 5, 3, 0, 'member', NULL, '0kufr4fq8q064dt7', 1796009115142, NULL, '{"change":"added","by":{"id":"act5cyuuza9dq617","name":"Ada"}}');
INSERT INTO public.events VALUES (11, 5, 4, 1, 'message', 'third', '0kufr4fq8q064dt7', 1796009115210, 'Am I to go?', NULL);
INSERT INTO public.events VALUES (12, 5, 5, 1, 'member', NULL, '0kufr4fq8q064dt7', 1796009115229, NULL, '{"change":"removed","by":{"id":"act5cyuuza9dq617","name":"Ada"}}');
INSERT INTO public.identities VALUES ('staff', 'subject', 'yjthepd6kvn6ndg8', NULL, 1);
INSERT INTO public.invites VALUES ('rgu1u96fxi7f8hca', 5, 'uDURhdGQX1_3bt0li1VQgvQ5Po0qy8b1-V8fSLeVBfg', 'act5cyuuza9dq617', 1796009115298, 1796613915298, 1, 0, NULL);
INSERT INTO public.kysely_migration VALUES ('0001-first-schema', '2026-11-30T03:25:07.001Z');
INSERT INTO public.kysely_migration_lock VALUES ('migration_lock', 0);
INSERT INTO public.members VALUES (1, 'act5cyuuza9dq617', 'member', 1796009111906, 1);
INSERT INTO public.members VALUES (1, 'yjthepd6kvn6ndg8', 'member', 1796009113462, 2);
INSERT INTO public.members VALUES (1, '0kufr4fq8q064dt7', 'member', 1796009114176, 3);
INSERT INTO public.members VALUES (4, 'act5cyuuza9dq617', 'owner', 1796009114246, 3);
INSERT INTO public.members VALUES (4, 'yjthepd6kvn6ndg8', 'member', 1796009114595, 4);
INSERT INTO public.members VALUES (5, 'act5cyuuza9dq617', 'owner', 1796009115049, 1);
INSERT INTO public.members VALUES (5, 'yjthepd6kvn6ndg8', 'member', 1796009115085, 2);
INSERT INTO public.mentions VALUES ('yjthepd6kvn6ndg8', 4, 3);
INSERT INTO public.passkeys VALUES ('key', 'act5cyuuza9dq617', 'Key', '\x00ff', 3, '[]', 1, 1, NULL);
INSERT INTO public.passwords VALUES ('act5cyuuza9dq617', '$argon2id$v=19$m=19456,t=2,p=1$aHneXHjH8/sg6t8LVWH72g$biklO6sai18bnwc31oLBvb6qU4GIjFpAob1BW/lZyRQ', 1796009111887);
INSERT INTO public.passwords VALUES ('yjthepd6kvn6ndg8', '$argon2id$v=19$m=19456,t=2,p=1$DbSzigBUGMueSYTybwye1Q$j/swDLtvBtGgsv8nJEFTxDqte96Mcm7L9lg2VgVxYHE', 1796009113402);
INSERT INTO public.passwords VALUES ('0kufr4fq8q064dt7', '$argon2id$v=19$m=19456,t=2,p=1$k1AbkiVzPHXhl6md91ts8w$F2/947J6JonhYTWF0sYQBSB+CzsNd6XxY9oyqrsT48k', 1796009114167);
INSERT INTO public.posts VALUES (1, '66ltubiaxu3jizcr', 'act5cyuuza9dq617', 'Opening', 'We are open.', 1796009115289, 1796009115289);
INSERT INTO public.probes VALUES (1);
INSERT INTO public.removals VALUES (5, '0kufr4fq8q064dt7', 'act5cyuuza9dq617', 1796009115229);
INSERT INTO public."revocationHead" VALUES (1, 2);
INSERT INTO public.revocations VALUES (1, 'membership', NULL, '0kufr4fq8q064dt7', 'pifzlb5069kjus96', 'membership_ended', 1796009115276);
INSERT INTO public.revocations VALUES (2, 'grant', 'q4vkapwgsvyglikj', '0kufr4fq8q064dt7', NULL, 'signed_out', 1796009115372);
INSERT INTO public.rooms VALUES (2, 'wh7unu12dnvqb1ex', 'Sports', 0, 1796009107766);
INSERT INTO public.rooms VALUES (3, 'phywqasc7ct538wv', 'Music', 0, 1796009107766);
INSERT INTO public.rooms VALUES (1, 'iwmb95g2h76bxkj1', 'General', 0, 1796009107766);
INSERT INTO public.rooms VALUES (4, 'khyuodbyth1fe3bd', 'Lobby', 0, 1796009114246);
INSERT INTO public.rooms VALUES (5, 'pifzlb5069kjus96', 'Designers', 1, 1796009115049);
INSERT INTO public.session VALUES ('5jw00x85dly6s06e', 'LRilEzwm060XVA2xJ-lOK1pxmUcfsyKfBnSbeSQnWIs', 'act5cyuuza9dq617', '2026-11-30T03:25:11.893Z', '2026-11-30T03:25:11.893Z', 1796009111893, '2027-02-28T03:25:11.893Z', '127.0.0.1', 'node', 'sign_up', NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.session VALUES ('jxlcwx9iyggeic5i', 'HtCf-XaxxMdE2XI218JISlOTXzmg6PIevZSKe-PtzF8', 'yjthepd6kvn6ndg8', '2026-11-30T03:25:13.453Z', '2026-11-30T03:25:13.453Z', 1796009113453, '2027-02-28T03:25:13.453Z', '127.0.0.1', 'node', 'sign_up', NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public."user" VALUES ('act5cyuuza9dq617', 'Ada', 'ada', 'ada@example.org', 0, 'owner', '2026-11-30T03:25:11.880Z', '2026-11-30T03:25:11.880Z', NULL, NULL);
INSERT INTO public."user" VALUES ('yjthepd6kvn6ndg8', 'Grace', 'grace', 'grace@example.org', 0, 'member', '2026-11-30T03:25:12.825Z', '2026-11-30T03:25:12.825Z', NULL, NULL);
INSERT INTO public."user" VALUES ('0kufr4fq8q064dt7', 'Linus', 'linus', 'linus@example.org', 0, 'member', '2026-11-30T03:25:14.161Z', '2026-11-30T03:25:14.161Z', NULL, NULL);
SELECT pg_catalog.setval('public.audit_number_seq', 13, true);
SELECT pg_catalog.setval('public.events_number_seq', 12, true);
SELECT pg_catalog.setval('public.posts_number_seq', 1, true);
SELECT pg_catalog.setval('public.rooms_number_seq', 5, true);
ALTER TABLE ONLY public."accessTokens"
    ADD CONSTRAINT "accessTokens_hash_key" UNIQUE (hash);
ALTER TABLE ONLY public."accessTokens"
    ADD CONSTRAINT "accessTokens_pkey" PRIMARY KEY (id);
ALTER TABLE ONLY public.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (number);
ALTER TABLE ONLY public.claims
    ADD CONSTRAINT claims_pkey PRIMARY KEY (one);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (number);
ALTER TABLE ONLY public.identities
    ADD CONSTRAINT identities_pkey PRIMARY KEY (provider, subject);
ALTER TABLE ONLY public."inviteUses"
    ADD CONSTRAINT "inviteUses_pkey" PRIMARY KEY (invite, "user");
ALTER TABLE ONLY public.invites
    ADD CONSTRAINT "invites_codeHash_key" UNIQUE ("codeHash");
ALTER TABLE ONLY public.invites
    ADD CONSTRAINT invites_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.kysely_migration_lock
    ADD CONSTRAINT kysely_migration_lock_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.kysely_migration
    ADD CONSTRAINT kysely_migration_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.members
    ADD CONSTRAINT members_pkey PRIMARY KEY (room, "user");
ALTER TABLE ONLY public.mentions
    ADD CONSTRAINT mentions_pkey PRIMARY KEY ("user", room, seq);
ALTER TABLE ONLY public."oneTimeSecrets"
    ADD CONSTRAINT "oneTimeSecrets_pkey" PRIMARY KEY (hash);
ALTER TABLE ONLY public.passkeys
    ADD CONSTRAINT passkeys_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.passwords
    ADD CONSTRAINT passwords_pkey PRIMARY KEY ("userId");
ALTER TABLE ONLY public.posts
    ADD CONSTRAINT posts_id_key UNIQUE (id);
ALTER TABLE ONLY public.posts
    ADD CONSTRAINT posts_pkey PRIMARY KEY (number);
ALTER TABLE ONLY public.probes
    ADD CONSTRAINT probes_pkey PRIMARY KEY (one);
ALTER TABLE ONLY public."recoveryCodes"
    ADD CONSTRAINT "recoveryCodes_pkey" PRIMARY KEY ("userId", hash);
ALTER TABLE ONLY public.removals
    ADD CONSTRAINT removals_pkey PRIMARY KEY (room, "user");
ALTER TABLE ONLY public."revocationHead"
    ADD CONSTRAINT "revocationHead_pkey" PRIMARY KEY (one);
ALTER TABLE ONLY public.revocations
    ADD CONSTRAINT revocations_pkey PRIMARY KEY (number);
ALTER TABLE ONLY public.rooms
    ADD CONSTRAINT rooms_id_key UNIQUE (id);
ALTER TABLE ONLY public.rooms
    ADD CONSTRAINT rooms_pkey PRIMARY KEY (number);
ALTER TABLE ONLY public."secondFactors"
    ADD CONSTRAINT "secondFactors_pkey" PRIMARY KEY ("userId");
ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.session
    ADD CONSTRAINT "session_tokenHash_key" UNIQUE ("tokenHash");
ALTER TABLE ONLY public.tickets
    ADD CONSTRAINT tickets_pkey PRIMARY KEY (hash);
ALTER TABLE ONLY public."usedLogoutTokens"
    ADD CONSTRAINT "usedLogoutTokens_pkey" PRIMARY KEY (hash);
ALTER TABLE ONLY public."user"
    ADD CONSTRAINT user_email_key UNIQUE (email);
ALTER TABLE ONLY public."user"
    ADD CONSTRAINT user_pkey PRIMARY KEY (id);
CREATE INDEX "accessTokenUser" ON public."accessTokens" USING btree ("userId");
CREATE INDEX "auditActor" ON public.audit USING btree (actor, number);
CREATE INDEX "auditKind" ON public.audit USING btree (kind, number);
CREATE INDEX "auditSubject" ON public.audit USING btree (subject, number);
CREATE UNIQUE INDEX "eventId" ON public.events USING btree (id, author) WHERE (id IS NOT NULL);
CREATE UNIQUE INDEX "eventSeq" ON public.events USING btree (room, seq);
CREATE UNIQUE INDEX "identityUser" ON public.identities USING btree ("userId", provider);
CREATE INDEX "inviteMaker" ON public.invites USING btree ("createdBy");
CREATE INDEX "inviteRoom" ON public.invites USING btree (room);
CREATE INDEX "memberUser" ON public.members USING btree ("user", room);
CREATE UNIQUE INDEX "oneOwner" ON public."user" USING btree (role) WHERE (role = 'owner'::text);
CREATE INDEX "oneTimeSecretUser" ON public."oneTimeSecrets" USING btree ("userId");
CREATE INDEX "passkeyUser" ON public.passkeys USING btree ("userId");
CREATE INDEX "sessionProvider" ON public.session USING btree (provider, "providerSubject") WHERE (provider IS NOT NULL);
CREATE INDEX "sessionUser" ON public.session USING btree ("userId");
CREATE INDEX "usedLogoutTokenProvider" ON public."usedLogoutTokens" USING btree (provider, subject);
CREATE INDEX "usedLogoutTokenSession" ON public."usedLogoutTokens" USING btree (provider, session);
CREATE INDEX "userHandle" ON public."user" USING btree (handle);
CREATE TRIGGER "accessTokenEnded" AFTER DELETE ON public."accessTokens" FOR EACH ROW EXECUTE FUNCTION public."accessTokenEnded"();
CREATE TRIGGER "accessTokensLivingOnly" BEFORE INSERT ON public."accessTokens" FOR EACH ROW EXECUTE FUNCTION public."livingOnly"();
CREATE TRIGGER "auditStays" BEFORE DELETE OR UPDATE ON public.audit FOR EACH ROW EXECUTE FUNCTION public."auditStays"();
CREATE TRIGGER "houseClaimed" AFTER INSERT ON public.claims FOR EACH ROW EXECUTE FUNCTION public."houseClaimed"();
CREATE TRIGGER "memberEnded" AFTER DELETE ON public.members FOR EACH ROW EXECUTE FUNCTION public."memberEnded"();
CREATE TRIGGER "revocationNumber" BEFORE INSERT ON public.revocations FOR EACH ROW EXECUTE FUNCTION public."revocationNumber"();
CREATE TRIGGER "roleChanged" AFTER UPDATE OF role ON public."user" FOR EACH ROW WHEN ((new.role <> old.role)) EXECUTE FUNCTION public."roleChanged"();
CREATE TRIGGER "roomEnding" BEFORE DELETE ON public.rooms FOR EACH ROW EXECUTE FUNCTION public."roomEnding"();
CREATE TRIGGER "sessionBegun" AFTER INSERT ON public.session FOR EACH ROW EXECUTE FUNCTION public."sessionBegun"();
CREATE TRIGGER "sessionEnded" AFTER DELETE ON public.session FOR EACH ROW EXECUTE FUNCTION public."sessionEnded"();
CREATE TRIGGER "sessionLivingOnly" BEFORE INSERT ON public.session FOR EACH ROW EXECUTE FUNCTION public."livingOnly"();
CREATE TRIGGER "sessionReplaced" AFTER INSERT ON public.session FOR EACH ROW WHEN ((new.replaces IS NOT NULL)) EXECUTE FUNCTION public."sessionReplaced"();
CREATE TRIGGER "userBanned" AFTER UPDATE OF "bannedAt" ON public."user" FOR EACH ROW WHEN ((new."bannedAt" IS NOT NULL)) EXECUTE FUNCTION public."userBanned"();
CREATE TRIGGER "userEnding" BEFORE DELETE ON public."user" FOR EACH ROW EXECUTE FUNCTION public."userEnding"();
ALTER TABLE ONLY public."accessTokens"
    ADD CONSTRAINT "accessTokens_userId_fkey" FOREIGN KEY ("userId") REFERENCES public."user"(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.identities
    ADD CONSTRAINT "identities_userId_fkey" FOREIGN KEY ("userId") REFERENCES public."user"(id) ON DELETE CASCADE;
ALTER TABLE ONLY public."inviteUses"
    ADD CONSTRAINT "inviteUses_invite_fkey" FOREIGN KEY (invite) REFERENCES public.invites(id) ON DELETE CASCADE;
ALTER TABLE ONLY public."inviteUses"
    ADD CONSTRAINT "inviteUses_user_fkey" FOREIGN KEY ("user") REFERENCES public."user"(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.invites
    ADD CONSTRAINT invites_room_fkey FOREIGN KEY (room) REFERENCES public.rooms(number) ON DELETE CASCADE;
ALTER TABLE ONLY public.members
    ADD CONSTRAINT members_room_fkey FOREIGN KEY (room) REFERENCES public.rooms(number) ON DELETE CASCADE;
ALTER TABLE ONLY public.members
    ADD CONSTRAINT members_user_fkey FOREIGN KEY ("user") REFERENCES public."user"(id) ON DELETE CASCADE;
ALTER TABLE ONLY public."oneTimeSecrets"
    ADD CONSTRAINT "oneTimeSecrets_userId_fkey" FOREIGN KEY ("userId") REFERENCES public."user"(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.passkeys
    ADD CONSTRAINT "passkeys_userId_fkey" FOREIGN KEY ("userId") REFERENCES public."user"(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.passwords
    ADD CONSTRAINT "passwords_userId_fkey" FOREIGN KEY ("userId") REFERENCES public."user"(id) ON DELETE CASCADE;
ALTER TABLE ONLY public."recoveryCodes"
    ADD CONSTRAINT "recoveryCodes_userId_fkey" FOREIGN KEY ("userId") REFERENCES public."user"(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.removals
    ADD CONSTRAINT removals_room_fkey FOREIGN KEY (room) REFERENCES public.rooms(number) ON DELETE CASCADE;
ALTER TABLE ONLY public.removals
    ADD CONSTRAINT removals_user_fkey FOREIGN KEY ("user") REFERENCES public."user"(id) ON DELETE CASCADE;
ALTER TABLE ONLY public."secondFactors"
    ADD CONSTRAINT "secondFactors_userId_fkey" FOREIGN KEY ("userId") REFERENCES public."user"(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.session
    ADD CONSTRAINT "session_userId_fkey" FOREIGN KEY ("userId") REFERENCES public."user"(id) ON DELETE CASCADE;
