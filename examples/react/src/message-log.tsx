import type { PendingMessage, RoomEvent, RoomSnapshot, RoomView } from '@parlour/client';
import { useLayoutEffect, useRef } from 'react';
import { tellMember } from './member-words.ts';

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

type MessageLogProps = { room: RoomView; snapshot: RoomSnapshot; isReady: boolean };

/** Follows the newest message as long as the reader is at the end. */
export function MessageLog({ room, snapshot, isReady }: MessageLogProps) {
  const log = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const { events, pending, hasOlder, state } = snapshot;

  // biome-ignore lint/correctness/useExhaustiveDependencies: it is what the log shows that makes it grow
  useLayoutEffect(() => {
    if (log.current && isAtEnd.current) log.current.scrollTop = log.current.scrollHeight;
  }, [events, pending]);

  const onScroll = () => {
    const { scrollTop, clientHeight, scrollHeight } = log.current as HTMLDivElement;
    isAtEnd.current = scrollHeight - scrollTop - clientHeight < 40;
  };

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div className="log" role="log" aria-label="Messages" tabIndex={0} ref={log} onScroll={onScroll}>
      {hasOlder && (
        <button type="button" className="older" onClick={() => void room.loadOlder().catch(() => {})}>
          Show older messages
        </button>
      )}
      {state === 'loading' && events.length === 0 && <p className="muted">Loading …</p>}
      {events.map((event) => (
        <EventRow key={event.seq} event={event} />
      ))}
      {pending.map((message) => (
        <PendingRow key={message.id} message={message} room={room} isReady={isReady} />
      ))}
    </div>
  );
}

function EventRow({ event }: { event: RoomEvent }) {
  if (event.event === 'member') {
    return <p className="event">{tellMember(event)}</p>;
  }
  return (
    <article className="message">
      <header>
        <strong>{event.author.name}</strong>
        <time dateTime={event.at}>{clock.format(new Date(event.at))}</time>
      </header>
      <p>{event.body}</p>
    </article>
  );
}

function PendingRow({ message, room, isReady }: { message: PendingMessage; room: RoomView; isReady: boolean }) {
  return (
    <article className="message pending">
      <p>{message.body}</p>
      {message.state !== 'failed' && <small>{isReady ? 'Sending …' : 'Waiting for the network'}</small>}
      {message.state === 'failed' && (
        <small className="error">
          {message.error?.message}
          <button type="button" onClick={() => room.retry(message.id)}>
            Try again
          </button>
          <button type="button" onClick={() => room.discard(message.id)}>
            Discard
          </button>
        </small>
      )}
    </article>
  );
}
