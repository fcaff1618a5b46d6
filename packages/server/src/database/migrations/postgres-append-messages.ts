/**
 * Appends a batch of messages in one call, each judged by itself; what messages/append-message.ts is for SQLite. The rows of
 * its answer tell, in the order of the input, what is known of each: the code around it decides what that means.
 *
 * The rooms stay locked until the commit, in one order for everybody, so that a room's numbers are given in the order
 * of commits and without a gap. Each statement in a function sees what was committed before it began, so whatever a
 * holder of the lock has changed is seen here. Two rooms that take the same message id at once meet in its unique
 * index: the caller tries the whole batch again.
 */
export const appendMessages = `
CREATE FUNCTION "appendMessages"(
  rooms_ text[], authors text[], ids text[], bodies text[], datas text[], ats bigint[], mentions_ text[])
RETURNS TABLE (
  "isPrivate" bigint, "isMember" boolean, "isFresh" boolean, seq bigint, "position" bigint, at bigint,
  "sameRoom" boolean, "sameContent" boolean)
LANGUAGE plpgsql AS $$
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
END $$`;
