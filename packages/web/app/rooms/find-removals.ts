import type { RoomEvent } from '@parlour/protocol/events';

/** The `seq` of each removal that still holds: it is the last that is known of its person. */
export function findRemovals(events: readonly RoomEvent[]): ReadonlySet<number> {
  const last = new Map(events.flatMap((event) => (event.event === 'member' ? [[event.user.id, event] as const] : [])));
  return new Set([...last.values()].filter(({ change }) => change === 'removed').map(({ seq }) => seq));
}
