import type { Command } from '@parlour/protocol/commands';
import type { ParlourError } from '@parlour/protocol/errors';
import type { Person, RoomEvent } from '@parlour/protocol/events';
import type { Page } from '@parlour/protocol/paging';
import type { Environment } from '../connection/environment.ts';
import type { PendingMessage } from '../messages/pending-message.ts';

/** What a room needs of the client that it belongs to. */
export type RoomLink = {
  readonly environment: Environment;
  isReady(): boolean;
  /** After `close()` nothing fires any more. */
  isClosed(): boolean;
  user(): Person | undefined;
  /** With `answer`, the command's answer must come before long, and is then told by `answered`. */
  send(command: Command, answer?: string): void;
  answered(answer: string): void;
  /** The last page of the room's history, or the one before an event. */
  loadPage(room: string, before?: number): Promise<Page<RoomEvent, number>>;
  shelve(room: string, unsent: readonly PendingMessage[]): void;
  report(error: ParlourError): void;
};
