import { EventEmitter, once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export type ReceivedMail = ParsedMail & {
  /** Whom it was handed in for, whatever its headers say. */
  recipients: string[];
  raw: string;
};

const certificateMissing = { hideSTARTTLS: true, authOptional: true, disabledCommands: ['STARTTLS'] };

/** A real mail server on a free port that keeps what it is given. */
export class MailBox {
  readonly received: ReceivedMail[] = [];
  readonly #arrivals = new EventEmitter();
  readonly #options: SMTPServerOptions;
  #server: SMTPServer | undefined;
  #port = 0;

  private constructor(options: SMTPServerOptions) {
    this.#options = { ...certificateMissing, logger: false, closeTimeout: 100, ...options };
  }

  static async open(options: SMTPServerOptions = {}): Promise<MailBox> {
    const box = new MailBox(options);
    await box.start();
    return box;
  }

  /** The settings of a house that sends its mail here. */
  get environment(): { SMTP_URL: string; SMTP_FROM: string } {
    return { SMTP_URL: `smtp://127.0.0.1:${this.#port}`, SMTP_FROM: 'chat@house.example' };
  }

  get port(): number {
    return this.#port;
  }

  /** On the same port as before. */
  async start(): Promise<void> {
    const server = new SMTPServer({
      ...this.#options,
      onData: (stream, session, callback) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const raw = Buffer.concat(chunks);
          const recipients = session.envelope.rcptTo.map(({ address }) => address);
          void this.#keep(raw, recipients).then(
            () => callback(),
            (error: Error) => callback(error),
          );
        });
      },
    });
    // A client that hangs up in the middle is no fault of the box.
    server.on('error', () => undefined);
    server.listen(this.#port, '127.0.0.1');
    await once(server.server, 'listening');
    this.#port = (server.server.address() as AddressInfo).port;
    this.#server = server;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server !== undefined) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  /** The first mail to this address that was not taken before; waits for it. */
  async next(address: string): Promise<ReceivedMail> {
    for (;;) {
      const index = this.received.findIndex(({ recipients }) => recipients.includes(address));
      const [mail] = index < 0 ? [] : this.received.splice(index, 1);
      if (mail !== undefined) return mail;
      await once(this.#arrivals, 'mail');
    }
  }

  async #keep(raw: Buffer, recipients: string[]): Promise<void> {
    const parsed = await simpleParser(raw);
    this.received.push(Object.assign(parsed, { recipients, raw: raw.toString('utf8') }));
    this.#arrivals.emit('mail');
  }
}

/** The address that a mail asks its reader to open. */
export function linkIn({ text = '' }: ParsedMail): string {
  const [link] = /^https?:\/\/\S+[/#]\S+$/m.exec(text) ?? [];
  if (link === undefined) throw new Error(`no link in: ${text}`);
  return link;
}

/** The secret of a link, which stands behind the `#`. */
export function secretIn(mail: ParsedMail): string {
  return new URL(linkIn(mail)).hash.slice(1);
}
