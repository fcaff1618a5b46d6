import { expect, test } from './fixtures.ts';
import type { Person } from './person.ts';

const wanted = 200;
const patience = 50_000;

/** What must be found on this person's pages and on nobody else's. */
type Visitor = { person: Person; cookie: string; paths: string[]; marks: string[] };

async function prepare(person: Person, mark: string): Promise<Visitor> {
  const room = await person.createRoom(`designers of ${mark}`, { private: true });
  await person.say(room, `Said by ${mark}`);
  const cookie = (await person.context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  const { id, name, email } = person.account;
  return {
    person,
    cookie,
    paths: [`/rooms/${room.id}`, '/settings', '/rooms', '/rooms/find'],
    marks: [id, name, email, room.id, `designers of ${mark}`, `Said by ${mark}`],
  };
}

/** A busy server may ask to come back later; it must never answer with somebody else's page. */
async function fetchPage(
  url: string,
  cookie: string,
  check: (answer: Response, html: string) => void,
): Promise<number> {
  const until = performance.now() + patience;
  for (let refusals = 0; ; refusals += 1) {
    const answer = await fetch(url, { headers: { cookie } });
    const html = await answer.text();
    check(answer, html);
    if (answer.status === 200) return refusals;
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBeTruthy();
    if (performance.now() > until) throw new Error('The server stayed busy.');
  }
}

test('D1, D8: of 200 pages rendered at once for two people none holds anything of the other’s', async ({
  enter,
  house,
}) => {
  const visitors = [
    await prepare(await enter('Ada Lovelace'), 'Ada'),
    await prepare(await enter('Grace Hopper'), 'Grace'),
  ];
  const pages = Array.from({ length: wanted }, async (_, index) => {
    const self = visitors[index % 2];
    const other = visitors[(index + 1) % 2];
    const path = self?.paths[Math.floor(index / 2) % self.paths.length];
    if (self === undefined || other === undefined || path === undefined) throw new Error('There are two visitors.');
    await fetchPage(house.origin + path, self.cookie, (answer, html) => {
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(other.marks.filter((mark) => html.includes(mark))).toEqual([]);
      if (answer.status !== 200) return;
      expect(html).toContain(self.person.account.email);
      if (path.startsWith('/rooms/') && path !== '/rooms/find') expect(html).toContain(self.marks.at(-1));
    });
    return path;
  });
  expect(await Promise.all(pages)).toHaveLength(wanted);
});

test('D1: pages for people and for strangers do not mix either', async ({ enter, house }) => {
  const ada = await prepare(await enter('Ada Lovelace'), 'Ada');
  const pages = Array.from({ length: 60 }, async (_, index) => {
    const isStranger = index % 2 === 1;
    const path = isStranger ? '/' : '/settings';
    await fetchPage(house.origin + path, isStranger ? '' : ada.cookie, (answer, html) => {
      if (isStranger) expect(ada.marks.filter((mark) => html.includes(mark))).toEqual([]);
      else if (answer.status === 200) expect(html).toContain(ada.person.account.email);
    });
  });
  await Promise.all(pages);
});
