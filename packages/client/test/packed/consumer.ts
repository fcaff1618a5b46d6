import { type Client, createClient, ParlourError, type RoomSnapshot } from '@parlour/client';
import { limits } from '@parlour/protocol/limits';

const client: Client = createClient({ url: 'http://localhost:3000', WebSocket });
const stop: () => void = client.on('self', (frame) => frame.kind === 'unread' && frame.unread);
const room = client.room('lobby', { after: 0 });
const snapshot: RoomSnapshot = room.snapshot;
const last: string | undefined = snapshot.events
  .flatMap((event) => (event.event === 'message' ? event.body : []))
  .at(-1);

export const shown: unknown[] = [stop, last, limits.bodyCharacters, ParlourError, room.send('hello').state];
