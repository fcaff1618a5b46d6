import type { RoomEvent } from '@parlour/protocol/events';
import { vi } from 'vitest';
import type { FanoutListener, JsonValue } from '../../src/fanout/fanout.ts';

/** Writes down all that a fan-out says. */
export class FanoutRecorder implements FanoutListener {
  readonly events: RoomEvent[] = [];
  readonly presences: { room: string; message: JsonValue; node: string }[] = [];
  readonly controls: { message: JsonValue; node: string }[] = [];
  readonly hearing: string[] = [];
  reconnects = 0;
  drops = 0;

  event(event: RoomEvent): void {
    this.events.push(event);
  }

  presence(room: string, message: JsonValue, node: string): boolean {
    this.presences.push({ room, message, node });
    return message !== 'from the future';
  }

  control(message: JsonValue, node: string): boolean {
    this.controls.push({ message, node });
    return message !== 'from the future';
  }

  onHearing(rooms: readonly string[]): void {
    this.hearing.push(...rooms);
  }

  onReconnect(): void {
    this.reconnects += 1;
  }

  onDropped(): void {
    this.drops += 1;
  }

  seqsOf(room: string): number[] {
    return this.events.filter((event) => event.room === room).map(({ seq }) => seq);
  }
}

export function until(condition: () => boolean, timeout = 10_000): Promise<void> {
  const check = () => {
    if (!condition()) throw new Error(`this did not become true: ${condition}`);
  };
  return vi.waitFor(check, { timeout, interval: 10 });
}
