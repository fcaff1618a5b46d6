import type { Client } from '@parlour/client';
import { ConnectionBadge } from './connection-badge.tsx';
import type { Room } from './use-rooms.ts';

type RoomListProps = {
  client: Client;
  rooms: Room[];
  current: string | undefined;
  onChoose: (id: string) => void;
};

export function RoomList({ client, rooms, current, onChoose }: RoomListProps) {
  return (
    <nav className="rail" aria-label="Rooms">
      <ConnectionBadge client={client} />
      <h2>Rooms</h2>
      <ul>
        {rooms.map((room) => (
          <li key={room.id}>
            <button
              type="button"
              className="row"
              aria-current={room.id === current ? 'page' : undefined}
              onClick={() => onChoose(room.id)}
            >
              <span>{room.name}</span>
              {room.unread > 0 && room.id !== current && (
                <span className="count">
                  {room.unread}
                  <span className="hidden"> unread</span>
                </span>
              )}
            </button>
          </li>
        ))}
      </ul>
      <footer>
        <span>{client.user?.name}</span>
        <button type="button" onClick={() => void client.api.request('POST', '/api/auth/sign-out')}>
          Sign out
        </button>
      </footer>
    </nav>
  );
}
