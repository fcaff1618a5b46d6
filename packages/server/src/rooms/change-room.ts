import type { MemberEvent } from '@parlour/protocol/events';
import { appendMemberEvent, type NewMemberEvent } from './append-event.ts';
import type { Queries, RoomDeps } from './room.ts';

export type RoomChange = {
  trx: Queries;
  /** The moment of the change, for everything that it writes. */
  at: number;
  append(event: Omit<NewMemberEvent, 'at'>): Promise<MemberEvent>;
};

/**
 * Runs a change of rooms as one transaction: rights are checked in the same commit that uses them. The events it
 * appended are published once they are durable, and never when it failed.
 */
export async function changeRoom<Result>(
  deps: RoomDeps,
  change: (change: RoomChange) => Promise<Result>,
): Promise<Result> {
  const at = deps.clock.now();
  const { result, events } = await deps.db.kysely.transaction().execute(async (trx) => {
    const begun = beginRoomChange(trx, at);
    return { result: await change(begun.change), events: begun.events };
  });
  for (const event of events) deps.publish(event);
  return result;
}

/** The same within somebody else's transaction, who publishes the events after its commit. */
export function beginRoomChange(trx: Queries, at: number): { change: RoomChange; events: readonly MemberEvent[] } {
  const events: MemberEvent[] = [];
  const append: RoomChange['append'] = async (event) => {
    const appended = await appendMemberEvent(trx, { ...event, at });
    events.push(appended);
    return appended;
  };
  return { change: { trx, at, append }, events };
}
