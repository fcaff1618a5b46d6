import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import { createMailer, type Mailer } from './create-mailer.ts';
import { MailQueue } from './mail-queue.ts';

export type OpenMailOptions = { config: Pick<Config, 'mail' | 'name'>; origin(): string; log: Log };
export type OpenMail = { mailer: Mailer | undefined; close(): Promise<void> };

/** The way out for mails, where the settings name one; otherwise its library is not loaded. */
export async function openMail({ config, origin, log }: OpenMailOptions): Promise<OpenMail> {
  const { mail, name } = config;
  if (mail === undefined) return { mailer: undefined, close: async () => undefined };
  const { createSmtpTransport } = await import('./smtp-transport.ts');
  const { server, requireTls, from } = mail;
  const transport = createSmtpTransport({ server, requireTls, from: { name, address: from } });
  const queue = new MailQueue({ transport, log });
  return { mailer: createMailer({ queue, houseName: name, origin }), close: () => queue.close() };
}
