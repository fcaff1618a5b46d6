import { limits } from '@parlour/protocol/limits';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cast, gatherCast } from './cast.ts';

describe('a reader that stops reading', () => {
  let cast: Cast;
  beforeAll(async () => {
    cast = await gatherCast({ environment: { PARLOUR_RATE_LIMITS: 'off' } });
  });
  afterAll(() => cast.server.stop());

  test('P-LIMIT-4, I4, I9: is closed, disturbs nobody, and resumes where it was', async () => {
    const { ada, grace, linus, lobby } = cast;
    await linus.join(lobby);
    const [sender, reading, stuck] = [await ada.connect(), await grace.connect(), await linus.connect()];
    for (const socket of [reading, stuck]) await socket.join(lobby);
    stuck.pause();
    const body = '\u{1f600}'.repeat(limits.bodyCharacters);
    const count = 400;
    const hasLeft = reading.next('presence', ({ left }) => left.includes(linus.id));
    // One after another, so that whoever reads keeps up; it is far more than the kernel holds for the one who does not.
    for (let i = 0; i < count; i += 1) {
      sender.send({ type: 'send', room: lobby, id: `big-${i}`, body });
      await sender.next('ack');
    }
    await hasLeft;
    const head = (await linus.history(lobby, '?limit=1')).items[0]?.seq ?? 0;
    expect(reading.events(lobby).at(-1)?.seq).toBe(head);
    stuck.resume();
    // Who takes longer than a second to read the close frame does without it.
    expect([4508, 1006]).toContain((await stuck.closed).code);
    const last = stuck.events(lobby).at(-1)?.seq ?? 0;
    expect(last).toBeLessThan(head);

    const again = await linus.connect();
    await again.join(lobby, last);
    await again.next('event', ({ seq }) => seq === head);
    const seqs = [...stuck.events(lobby), ...again.events(lobby)].map(({ seq }) => seq);
    expect(seqs).toEqual(Array.from({ length: count }, (_, i) => head - count + 1 + i));
    expect(again.isClosed || reading.isClosed).toBe(false);
  });
});
