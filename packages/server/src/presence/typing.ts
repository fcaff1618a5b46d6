import { ParlourError } from '@parlour/protocol/errors';
import type { Person } from '@parlour/protocol/events';
import type { TypingFrame } from '@parlour/protocol/frames';
import { limits } from '@parlour/protocol/limits';
import * as v from 'valibot';
import type { Clock } from '../clock.ts';
import type { JsonValue } from '../fanout/fanout.ts';
import type { CommandTable } from '../sockets/peer.ts';

export type TypingDeps = {
  clock: Clock;
  /** To everybody in the room but the person. */
  broadcast(room: string, frame: TypingFrame, except: string): void;
};

const typingMessage = v.object({ kind: v.literal('typing'), user: v.object({ id: v.string(), name: v.string() }) });

/** Who types, where that is what another node says. */
export function readTyping(message: JsonValue): Person | undefined {
  const parsed = v.safeParse(typingMessage, message);
  return parsed.success ? parsed.output.user : undefined;
}

/** Notices that are remembered at a time; then all are forgotten, and the next of each may come early. */
const toldMaximum = 10_000;

/** Passes on that somebody types: to those who see the room, at most once in two seconds a person, on however many tabs. */
export function typingCommands({ clock, broadcast }: TypingDeps): Pick<CommandTable, 'typing'> {
  const lastTold = new Map<string, number>();
  return {
    typing: async ({ user, subscriptions }, { room }) => {
      if (subscriptions.get(room)?.hasEntered !== true) {
        throw new ParlourError('not_joined', 'This socket has not joined that room.');
      }
      const now = clock.now();
      const key = `${user.id} ${room}`;
      if (now - (lastTold.get(key) ?? 0) < limits.typingInterval) return;
      if (lastTold.size >= toldMaximum) lastTold.clear();
      lastTold.set(key, now);
      broadcast(room, { type: 'typing', room, user }, user.id);
    },
  };
}
