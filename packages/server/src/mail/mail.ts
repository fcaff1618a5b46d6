/** One mail as it leaves: to one address, with the same words as text and as HTML. */
export type Mail = {
  /** The same at each attempt, so that whoever gets it twice can see that it is one. */
  id: string;
  to: string;
  subject: string;
  text: string;
  html: string;
};

/** What takes mails away. */
export type MailTransport = {
  /** Throws MailRefused where another attempt would be refused too, and anything else where it may succeed. */
  send(mail: Mail): Promise<void>;
  close(): void;
};

/** The receiving side will never take this mail. */
export class MailRefused extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'MailRefused';
  }
}
