import { createTransport } from 'nodemailer';
import { type Mail, MailRefused, type MailTransport } from './mail.ts';
import { isLoopback, type SmtpSettings } from './smtp-settings.ts';

export type SmtpOptions = {
  server: SmtpSettings;
  /** Whether mails may only travel encrypted. To this machine itself they need not. */
  requireTls: boolean;
  from: { name: string; address: string };
};

const second = 1_000;
/** The library reads a list, a name or a comment out of anything else. */
const oneAddress = /^[^\s,;:<>()[\]"\\]+@[^\s,;:<>()[\]"\\@]+$/;

/** Hands mails to an SMTP server, each by a connection of its own: they are few. */
export function createSmtpTransport({ server, requireTls, from }: SmtpOptions): MailTransport {
  const { host, port, secure, user, password } = server;
  const isPlain = !requireTls || isLoopback(host);
  const transport = createTransport({
    host,
    port,
    secure,
    // Without the first, whoever sits in between could take the offer of encryption out of the greeting.
    requireTLS: !secure && !isPlain,
    ignoreTLS: !secure && isPlain,
    ...(user === undefined || password === undefined ? {} : { auth: { user, pass: password } }),
    connectionTimeout: 10 * second,
    greetingTimeout: 10 * second,
    socketTimeout: 30 * second,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send(mail) {
      if (!oneAddress.test(mail.to)) throw new MailRefused('This is not one address', undefined);
      try {
        await transport.sendMail(toMessage(mail, from));
      } catch (error) {
        throw isFinal(error) ? new MailRefused('The mail server refused it', error) : error;
      }
    },
    close: () => transport.close(),
  };
}

/** Refused for what this mail is or whom it is for. A server that refuses *us* may be put right meanwhile. */
function isFinal(error: unknown): boolean {
  const { code, responseCode = 500 } = error as { code?: string; responseCode?: number };
  return (code === 'EENVELOPE' || code === 'EMESSAGE') && responseCode >= 500;
}

function toMessage({ id, to, subject, text, html }: Mail, from: SmtpOptions['from']) {
  const [, domain = 'localhost'] = from.address.split('@');
  return {
    from,
    to: { name: '', address: to },
    envelope: { from: from.address, to: [to] },
    messageId: `<${id}@${domain}>`,
    subject,
    text,
    html,
    // No vacation notice answers it (RFC 3834).
    headers: { 'Auto-Submitted': 'auto-generated' },
  };
}
