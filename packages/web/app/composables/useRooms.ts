import type { Page } from '@parlour/protocol/paging';
import type { Room } from '@parlour/protocol/rooms';

const byName = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Every room that the person may see, kept up to date by what the socket tells of them. */
export function useRooms() {
  const rooms = useState<Room[]>('rooms', () => []);
  const api = useApi();

  async function load(): Promise<void> {
    const found: Room[] = [];
    let cursor: string | undefined;
    do {
      const page: Page<Room> = await api.get('/api/rooms', { cursor });
      found.push(...page.items);
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    rooms.value = found.toSorted((one, other) => byName.compare(one.name, other.name));
  }

  function patch(id: string, change: Partial<Room>): void {
    rooms.value = rooms.value.map((room) => (room.id === id ? { ...room, ...change } : room));
  }

  return {
    rooms,
    mine: computed(() => rooms.value.filter((room) => room.member)),
    others: computed(() => rooms.value.filter((room) => !room.member)),
    unread: computed(() => rooms.value.reduce((sum, room) => sum + (room.member ? room.unread : 0), 0)),
    find: (id: string) => rooms.value.find((room) => room.id === id),
    load,
    patch,
  };
}
