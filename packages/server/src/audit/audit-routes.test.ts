import type { AuditEvent } from '@parlour/protocol/audit';
import type { Page } from '@parlour/protocol/paging';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { byHand } from '../../test/by-hand.ts';
import { type Cast, gatherCast } from '../../test/cast.ts';
import type { Visitor } from '../../test/visitor.ts';

let cast: Cast;

beforeEach(async () => {
  cast = await gatherCast();
  setRole(cast.ada, 'admin');
});
afterEach(() => cast.server.stop());

const setRole = (who: Visitor, role: string) =>
  byHand(cast.server, (db) => db.prepare('UPDATE user SET role = ? WHERE id = ?').run(role, who.id));
const read = async (who: Visitor, query = '', path = '/api/audit') =>
  (await who.request<Page<AuditEvent>>('GET', `${path}${query}`)).body;
const fill = (count: number, subject: string) =>
  byHand(cast.server, (db) =>
    db
      .prepare(
        `INSERT INTO audit (at, kind, subject, address, userAgent, detail)
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
         SELECT i, 'sign_in_failed', ?, '198.51.100.1', 'curl/8.5.0', json_object('n', i) FROM n`,
      )
      .run(count, subject),
  );

describe('the log of the house', () => {
  it('P-HTTP-17: shows who did what, when and from where, the newest first, to an admin', async () => {
    const { items } = await read(cast.ada);
    const signUp = items.find(({ kind, actor }) => kind === 'signed_up' && actor?.id === cast.grace.id);
    expect(signUp).toMatchObject({ actor: { name: 'Grace' }, subject: { id: cast.grace.id }, address: '127.0.0.1' });
    const numbers = items.map(({ number }) => number);
    expect(numbers).toEqual([...numbers].sort((a, b) => b - a));
    const times = items.map(({ at }) => Date.parse(at));
    expect(times.every((time) => time > 0)).toBe(true);
  });

  it('is for those who may read it, and for nobody else', async () => {
    for (const path of ['/api/audit', '/api/audit/export']) {
      expect((await cast.ada.request('GET', path)).status).toBe(200);
      expect(await cast.grace.request('GET', path)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
      setRole(cast.grace, 'moderator');
      expect((await cast.grace.request('GET', path)).status).toBe(403);
      setRole(cast.grace, 'member');
      expect((await cast.server.visit().request('GET', path)).status).toBe(401);
    }
  });

  it('is narrowed down by kind, person, address and time', async () => {
    fill(3, cast.linus.id);
    const kinds = async (query: string) => new Set((await read(cast.ada, query)).items.map(({ kind }) => kind));
    expect(await kinds('?kind=signed_up')).toEqual(new Set(['signed_up']));
    expect(
      (await read(cast.ada, `?actor=${cast.grace.id}`)).items.every(({ actor }) => actor?.id === cast.grace.id),
    ).toBe(true);
    expect((await read(cast.ada, `?subject=${cast.linus.id}&kind=sign_in_failed`)).items).toHaveLength(3);
    expect((await read(cast.ada, `?person=${cast.linus.id}`)).items.length).toBeGreaterThan(3);
    expect(await kinds('?address=198.51.100.1')).toEqual(new Set(['sign_in_failed']));
    expect(await kinds('?to=1971-01-01')).toEqual(new Set(['sign_in_failed']));
    expect((await read(cast.ada, '?from=2020-01-01T00:00Z')).items.some(({ kind }) => kind === 'sign_in_failed')).toBe(
      false,
    );
    for (const bad of [
      '?kind=nonsense',
      '?from=yesterday',
      '?from=2026-13-99',
      '?cursor=x',
      `?actor=${'x'.repeat(65)}`,
    ]) {
      expect([bad, (await cast.ada.request('GET', `/api/audit${bad}`)).status]).toEqual([bad, 422]);
    }
  });

  it('comes in pages that skip and double nothing while more is written', async () => {
    fill(120, cast.linus.id);
    const seen: number[] = [];
    let query = '?kind=sign_in_failed&limit=50';
    for (;;) {
      const { items, next } = await read(cast.ada, query);
      seen.push(...items.map(({ number }) => number));
      fill(1, cast.linus.id);
      if (next === null) break;
      query = `?kind=sign_in_failed&limit=50&cursor=${next}`;
    }
    expect(seen).toHaveLength(120);
    expect(new Set(seen).size).toBe(120);
  });

  it('is taken along as JSON Lines, which is noted itself', async () => {
    fill(1_234, cast.linus.id);
    const answer = await cast.ada.request<string>('GET', '/api/audit/export?kind=sign_in_failed', undefined, {
      accept: 'application/jsonl',
    });
    expect(answer.headers.get('content-type')).toBe('application/jsonl; charset=utf-8');
    expect(answer.headers.get('content-disposition')).toContain('attachment');
    const lines = answer.body
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as AuditEvent);
    expect(lines).toHaveLength(1_234);
    expect(new Set(lines.map(({ number }) => number)).size).toBe(1_234);
    expect(lines[0]).toMatchObject({ kind: 'sign_in_failed', subject: { name: 'Linus' }, browser: expect.any(String) });
    const [noted] = (await read(cast.ada, '?kind=audit_exported')).items;
    expect(noted).toMatchObject({ actor: { name: 'Ada' }, detail: { kind: 'sign_in_failed' } });
  });

  it('is not taken along any further by who was banned or lost the right meanwhile', async () => {
    fill(3_000, cast.linus.id);
    setRole(cast.linus, 'owner');
    const begin = async () => {
      const headers = { cookie: cast.ada.cookie };
      const { status, body } = await cast.server.app.fetch(
        new Request(`${cast.server.origin}/api/audit/export`, { headers }),
      );
      const reader = (body as ReadableStream<Uint8Array>).getReader();
      expect([status, (await reader.read()).done]).toEqual([200, false]);
      return reader;
    };
    const drain = async (reader: Awaited<ReturnType<typeof begin>>) => {
      for (;;) if ((await reader.read()).done) return 'complete';
    };
    expect(await drain(await begin())).toBe('complete');
    for (const end of [
      () => setRole(cast.ada, 'member'),
      () => cast.linus.request('PUT', `/api/people/${cast.ada.id}/ban`, {}),
    ]) {
      setRole(cast.ada, 'admin');
      const reader = await begin();
      await end();
      await expect(drain(reader)).rejects.toMatchObject({ code: expect.stringMatching(/forbidden|not_authenticated/) });
    }
  });

  it('cannot be changed or shortened, by whatever statement', async () => {
    const count = () => byHand(cast.server, (db) => db.prepare('SELECT count(*) AS n FROM audit').get());
    const before = count();
    for (const statement of ['DELETE FROM audit', "UPDATE audit SET kind = 'signed_up'"]) {
      expect(() => byHand(cast.server, (db) => db.exec(statement))).toThrow(/append-only/);
    }
    expect(count()).toEqual(before);
  });
});

describe('one’s own history', () => {
  it('shows what concerns oneself, and not where others were', async () => {
    await cast.ada.request('PUT', `/api/people/${cast.grace.id}/role`, { role: 'moderator' });
    fill(1, cast.grace.id);
    const { items } = await read(cast.grace, '', '/api/account/history');
    const [failed, changed] = items;
    expect(failed).toMatchObject({ kind: 'sign_in_failed', address: '198.51.100.1' });
    expect(changed).toMatchObject({ kind: 'role_changed', actor: { name: 'Ada' }, address: null, browser: null });
    const isConcerned = ({ actor, subject }: AuditEvent) => [actor?.id, subject?.id].includes(cast.grace.id);
    expect(items.every(isConcerned)).toBe(true);
    expect(items.at(-1)?.address).toBe('127.0.0.1');
    expect((await cast.server.visit().request('GET', '/api/account/history')).status).toBe(401);
  });
});
