import type { RoomEvent, RoomSnapshot } from '@parlour/client';
import { tellMember } from './member-words.ts';

const shown = 20;

/** What everybody in the room gets: its numbered events, and who is here. */
export function BroadcastStream({ snapshot }: { snapshot: RoomSnapshot }) {
  return (
    <section className="stream" aria-labelledby="broadcast">
      <h2 id="broadcast">Broadcast stream</h2>
      <p className="muted">What everybody in this room gets.</p>
      <ul className="people" aria-label="Here now">
        {snapshot.present.map((person) => (
          <li key={person.id}>{person.name}</li>
        ))}
      </ul>
      <ol className="lines" aria-label="Events">
        {snapshot.events.slice(-shown).map((event) => (
          <li key={event.seq}>
            <code>{event.seq}</code> {describe(event)}
          </li>
        ))}
      </ol>
    </section>
  );
}

function describe(event: RoomEvent): string {
  return event.event === 'message' ? `message from ${event.author.name}` : tellMember(event);
}
