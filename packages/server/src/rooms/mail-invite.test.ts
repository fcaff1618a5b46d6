import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Cast, gatherCast } from '../../test/cast.ts';
import { linkIn, MailBox } from '../../test/mail-box.ts';

let box: MailBox;
let cast: Cast;
beforeEach(async () => {
  box = await MailBox.open();
  cast = await gatherCast({ environment: { ...box.environment } });
});
afterEach(async () => {
  await cast.server.stop();
  await box.stop();
});

type Refusal = { code: string; field?: string };
const invite = (email: unknown, who = cast.ada, room = cast.designers) =>
  who.request<Refusal & { url: string }>('POST', `/api/rooms/${room}/invites`, { email });

describe('an invite by mail', () => {
  it('says who invites to which room, and holds the link (A2)', async () => {
    const { status, body } = await invite(' Eve@Example.org ');
    expect(status).toBe(201);
    const mail = await box.next('eve@example.org');
    expect(mail.subject).toBe('Ada invites you to Designers');
    expect(linkIn(mail)).toBe(body.url);
  });

  it('goes out for nobody who may not invite, and to no list of addresses', async () => {
    expect((await invite('eve@example.org')).status).toBe(201);
    await box.next('eve@example.org');
    expect((await invite('mallory@example.org', cast.grace)).body.code).toBe('forbidden');
    expect((await invite('mallory@example.org', cast.linus)).body.code).toBe('room_not_found');
    for (const list of ['a@example.org, mallory@example.org', 'a@example.org\r\nBcc: mallory@example.org', 7]) {
      expect((await invite(list)).body).toMatchObject({ code: 'invalid_field', field: 'email' });
    }
    await invite('linus@example.net');
    await box.next('linus@example.net');
    expect(box.received.flatMap(({ recipients }) => recipients)).not.toContain('mallory@example.org');
  });

  it('is counted by person: twenty at once', async () => {
    for (let i = 0; i < 20; i += 1) expect((await invite(`guest${i}@example.org`)).status).toBe(201);
    expect(await invite('guest20@example.org')).toMatchObject({ status: 429 });
    cast.clock.advance(60_000);
    expect((await invite('guest20@example.org')).status).toBe(201);
  });

  it('is refused where the house sends no mail', async () => {
    const silent = await gatherCast();
    const answer = await invite('eve@example.org', silent.ada, silent.designers);
    expect(answer).toMatchObject({ status: 409, body: { code: 'mail_off', field: 'email' } });
    await silent.server.stop();
  });
});
