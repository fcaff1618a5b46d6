import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MailBox } from '../../test/mail-box.ts';
import { createLog } from '../log.ts';
import { createMailer } from './create-mailer.ts';
import type { Letter } from './letter.ts';
import { MailQueue, type MailQueueOptions } from './mail-queue.ts';
import { readSmtpUrl, type SmtpSettings } from './smtp-settings.ts';
import { createSmtpTransport } from './smtp-transport.ts';

const letter: Letter = {
  subject: 'Grüße aus <Lantern Street>',
  paragraphs: ['Somebody wrote "hello" & left.'],
  facts: [['When', 'just now']],
  action: { label: 'Look', url: 'https://house.example/look#secret' },
  closing: ['Ignore it, if you like.'],
};

let box: MailBox;
let log: string[];
let closing: (() => Promise<unknown>)[];
beforeEach(async () => {
  box = await MailBox.open();
  log = [];
  closing = [];
});
afterEach(async () => {
  for (const close of closing) await close();
  await box.stop();
});

function open(options: Partial<MailQueueOptions> & { url?: string; requireTls?: boolean } = {}) {
  const { url = box.environment.SMTP_URL, requireTls = true, ...more } = options;
  const from = { name: 'Lantern Street', address: box.environment.SMTP_FROM };
  const transport = createSmtpTransport({ server: readSmtpUrl(url) as SmtpSettings, requireTls, from });
  const lines = createLog((line) => void log.push(line));
  const queue = new MailQueue({ transport, log: lines, retryDelays: [5, 5, 5, 5], patience: 50, ...more });
  closing.push(() => queue.close());
  const mailer = createMailer({ queue, houseName: 'Lantern Street', origin: () => 'https://house.example' });
  return { queue, send: (to: string, letter: Letter) => mailer.send(to, () => letter) };
}

/** Lets the turns pass until this holds: every one of them ends with something of the network's. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

describe('a mail', () => {
  it('says the same as text and as HTML, from the house, with nothing loaded from elsewhere (D9)', async () => {
    open().send('ada@example.org', letter);
    const mail = await box.next('ada@example.org');
    expect(mail.subject).toBe(letter.subject);
    expect(mail.from?.value).toEqual([{ name: 'Lantern Street', address: 'chat@house.example' }]);
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
    for (const words of ['Somebody wrote "hello" & left.', 'When: just now', 'https://house.example/look#secret']) {
      expect(mail.text).toContain(words);
    }
    const html = String(mail.html);
    expect(html).toContain('<a class="button" href="https://house.example/look#secret">Look</a>');
    expect(html).toContain('Somebody wrote &quot;hello&quot; &amp; left.');
    expect(html).toContain('prefers-color-scheme: dark');
    expect(html).not.toContain('<Lantern Street>');
    expect(html).not.toMatch(/<img|<script|url\(|@import|src=/);
  });

  it('has one recipient and the headers that it was given, whatever stands in its words', async () => {
    const { send } = open();
    send('ada@example.org', letter);
    expect((await box.next('ada@example.org')).recipients).toEqual(['ada@example.org']);
    send('grace@example.org', {
      ...letter,
      subject: 'Hello\r\nBcc: eve@example.org\r\n\r\nAnother body',
      action: { label: 'Look', url: 'https://house.example/"><script>alert(1)</script>' },
    });
    const mail = await box.next('grace@example.org');
    expect(mail.recipients).toEqual(['grace@example.org']);
    expect(mail.bcc).toBeUndefined();
    expect(mail.raw.split('\r\n\r\n', 1)[0]).not.toMatch(/^(Bcc|Another)/im);
    expect(String(mail.html)).not.toContain('<script>');
    for (const to of ['linus@example.org, eve@example.org', 'linus@example.org\r\nRCPT TO:<eve@example.org>']) {
      send(to, letter);
    }
    send('ada@example.org', letter);
    await box.next('ada@example.org');
    expect(box.received.flatMap(({ recipients }) => recipients)).not.toContain('eve@example.org');
  });
});

describe('the queue of mails', () => {
  it('tries again while the server is down, and sends each mail once when it is back', async () => {
    await box.stop();
    const { send, queue } = open({ retryDelays: Array.from({ length: 500 }, () => 5) });
    send('ada@example.org', letter);
    send('grace@example.org', letter);
    await until(() => log.filter((line) => line.includes('will be tried again')).length >= 4);
    await box.start();
    await Promise.all([box.next('ada@example.org'), box.next('grace@example.org')]);
    await until(() => queue.size === 0);
    expect(box.received).toEqual([]);
  });

  it('gives a mail up after its last attempt, and goes on with the next one', async () => {
    await box.stop();
    const { send, queue } = open({ retryDelays: [1, 1] });
    send('ada@example.org', letter);
    await until(() => queue.size === 0);
    expect(log.filter((line) => line.includes('will be tried again'))).toHaveLength(2);
    expect(log.at(-1)).toContain('was given up');
    await box.start();
    send('grace@example.org', letter);
    await box.next('grace@example.org');
  });

  it('does not repeat what the server refuses for good', async () => {
    const picky = await MailBox.open({
      onRcptTo: ({ address }, _session, callback) => {
        if (address.startsWith('nobody')) callback(Object.assign(new Error('No such mailbox'), { responseCode: 550 }));
        else callback();
      },
    });
    closing.push(() => picky.stop());
    const { send, queue } = open({ url: picky.environment.SMTP_URL });
    send('ada@example.org', letter);
    await picky.next('ada@example.org');
    send('nobody@example.org', letter);
    await until(() => queue.size === 0);
    expect(log).toHaveLength(1);
    expect(log[0]).toContain('was refused');
    expect(log.join()).not.toContain('secret');
  });

  it('repeats what the server refuses for now', async () => {
    let asked = 0;
    const busy = await MailBox.open({
      onRcptTo: (_address, _session, callback) => {
        asked += 1;
        if (asked === 1) callback(Object.assign(new Error('Come back later'), { responseCode: 451 }));
        else callback();
      },
    });
    closing.push(() => busy.stop());
    open({ url: busy.environment.SMTP_URL }).send('ada@example.org', letter);
    await busy.next('ada@example.org');
    expect(asked).toBe(2);
  });

  it('holds a set number of mails and drops what comes beyond (I9)', async () => {
    await box.stop();
    const { send, queue } = open({ maximum: 3, retryDelays: [60_000] });
    for (let i = 0; i < 3; i += 1) send('ada@example.org', letter);
    expect(queue.size).toBe(3);
    send('ada@example.org', letter);
    expect(queue.size).toBe(3);
    expect(log.join()).toContain('was dropped');
    await until(() => log.filter((line) => line.includes('will be tried again')).length === 3);
    expect(queue.size).toBe(3);
  });

  it('lets go, before it closes, what can go at once', async () => {
    const { send, queue } = open({ patience: 10_000 });
    for (const name of ['ada', 'grace', 'linus']) send(`${name}@example.org`, letter);
    await queue.close();
    expect(box.received).toHaveLength(3);
    send('ada@example.org', letter);
    expect(queue.size).toBe(0);
  });
});

describe('the way to the mail server', () => {
  let other: Server;
  afterEach(() => other.close());

  it('is encrypted or not taken, but to this machine itself', async () => {
    other = createServer();
    const plain = { host: 'mail.example.org', port: 25, secure: false, user: undefined, password: undefined };
    // A server that offers no encryption, at a name that is not this machine's: reached by the name of the network.
    const reach = async (requireTls: boolean) => {
      const transport = createSmtpTransport({
        server: { ...plain, host: '0.0.0.0', port: box.port },
        requireTls,
        from: { name: '', address: 'chat@house.example' },
      });
      const mail = { id: 'one', to: 'ada@example.org', subject: 'S', text: 'T', html: '<p>T' };
      return await transport.send(mail).then(
        () => 'sent',
        (error: { code?: string }) => error.code,
      );
    };
    expect(await reach(false)).toBe('sent');
    expect(await reach(true)).toBe('ETLS');
    open().send('grace@example.org', letter);
    await box.next('grace@example.org');
  });

  it('is given up by an attempt whose server says nothing, not by the queue', async () => {
    other = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const { send } = open({ url: `smtp://127.0.0.1:${port}`, retryDelays: [60_000] });
    send('ada@example.org', letter);
    await until(() => log.length > 0);
    expect(log[0]).toContain('will be tried again');
  });
});
