import { newId } from '../ids.ts';
import type { House, Letter } from './letter.ts';
import type { MailQueue } from './mail-queue.ts';
import { renderLetter } from './render-letter.ts';

/** Sends letters after the answer that they follow: nobody waits for one, and none fails a request. */
export type Mailer = { send(to: string, write: (house: House) => Letter): void };

export type MailerOptions = { queue: Pick<MailQueue, 'put'>; houseName: string; origin(): string };

export function createMailer({ queue, houseName, origin }: MailerOptions): Mailer {
  return {
    send: (to, write) => {
      const house = { name: houseName, origin: origin() };
      queue.put({ id: newId(), to, ...renderLetter(write(house), house) });
    },
  };
}
