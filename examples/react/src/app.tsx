import type { Client } from '@parlour/client';
import { useConnection } from '@parlour/client/react';
import { useEffect, useState } from 'react';
import { ConnectionBadge } from './connection-badge.tsx';
import { PersonalStream } from './personal-stream.tsx';
import { RoomList } from './room-list.tsx';
import { RoomPage } from './room-page.tsx';
import { SignInForm } from './sign-in-form.tsx';
import { useRooms } from './use-rooms.ts';

/** Connects while it is shown. Whether somebody is signed in is the connection's own answer. */
export function App({ client }: { client: Client }) {
  const connection = useConnection(client);
  useEffect(() => {
    client.connect();
    return () => client.close();
  }, [client]);
  if (connection.name === 'signed-out') return <SignInForm client={client} reason={connection.reason} />;
  if (!client.user) return <Waiting client={client} />;
  return <House client={client} />;
}

function Waiting({ client }: { client: Client }) {
  return (
    <main className="waiting">
      <ConnectionBadge client={client} />
    </main>
  );
}

function House({ client }: { client: Client }) {
  const { rooms, join } = useRooms(client);
  const [chosen, choose] = useState<string>();
  const room = rooms.find(({ id }) => id === chosen) ?? rooms.find(({ member }) => member) ?? rooms[0];
  return (
    <div className="house">
      <RoomList client={client} rooms={rooms} current={room?.id} onChoose={choose} />
      {room?.member && <RoomPage key={room.id} client={client} id={room.id} name={room.name} />}
      {room && !room.member && (
        <main className="waiting">
          <h1>{room.name}</h1>
          <p>You are not in this room yet.</p>
          <button type="button" className="primary" onClick={() => void join(room.id)}>
            Join {room.name}
          </button>
        </main>
      )}
      <PersonalStream client={client} rooms={rooms} />
    </div>
  );
}
