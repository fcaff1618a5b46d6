import type { Client, SelfFrame } from '@parlour/client';
import { useEffect, useState } from 'react';
import type { Room } from './use-rooms.ts';

const shown = 20;

type Line = { id: number; frame: SelfFrame };

/** What only this person gets: news of the rooms that are not open here. */
export function PersonalStream({ client, rooms }: { client: Client; rooms: Room[] }) {
  const [lines, setLines] = useState<Line[]>([]);

  useEffect(() => {
    return client.on('self', (frame) => {
      setLines((before) => [...before.slice(1 - shown), { id: (before.at(-1)?.id ?? 0) + 1, frame }]);
    });
  }, [client]);

  return (
    <section className="stream personal" aria-labelledby="personal">
      <h2 id="personal">Personal stream</h2>
      <p className="muted">What only you get: news of rooms that are not open here.</p>
      {lines.length === 0 && <p className="muted">Nothing yet.</p>}
      <ol className="lines" aria-label="Notices">
        {lines.map(({ id, frame }) => (
          <li key={id}>{describe(frame, rooms)}</li>
        ))}
      </ol>
    </section>
  );
}

function describe(frame: SelfFrame, rooms: Room[]): string {
  if (frame.kind === 'role') return `You are ${frame.role} now`;
  if (frame.kind === 'added') return `You were added to ${frame.name}`;
  const name = rooms.find(({ id }) => id === frame.room)?.name ?? 'a room';
  if (frame.kind === 'removed') return `You were removed from ${name}`;
  return frame.unread === 0 ? `All read in ${name}` : `${frame.unread} unread in ${name}`;
}
