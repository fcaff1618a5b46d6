import type { Client } from '@parlour/client';
import { useParlour } from '@parlour/client/react';
import { useEffect } from 'react';
import { BroadcastStream } from './broadcast-stream.tsx';
import { Composer } from './composer.tsx';
import { MessageLog } from './message-log.tsx';

/** One room: `useParlour` gives what it shows (`data`, the room's snapshot) and what one may do (`send`, the room). */
export function RoomPage({ client, id, name }: { client: Client; id: string; name: string }) {
  const { send, data, readyState, room } = useParlour({ client, room: id });
  const { snapshot } = room;

  useEffect(() => {
    if (data) room.room.read(data.seq);
  }, [data, room.room]);

  return (
    <>
      <main className="room">
        <header>
          <h1>{name}</h1>
          <p className="muted">
            {snapshot.presentCount === 1 ? '1 person here' : `${snapshot.presentCount} people here`}
          </p>
        </header>
        {snapshot.error && (
          <p className="error" role="alert">
            {snapshot.error.message}
          </p>
        )}
        <MessageLog room={room.room} snapshot={snapshot} isReady={readyState === 'ready'} />
        <p className="typing" aria-live="polite">
          {snapshot.typing.length > 0 && `${snapshot.typing.map((person) => person.name).join(', ')} typing …`}
        </p>
        <Composer name={name} send={send} typing={() => room.room.typing()} />
      </main>
      <BroadcastStream snapshot={snapshot} />
    </>
  );
}
