import type { CompiledQuery, Kysely, Selectable } from 'kysely';
import type { Tables } from '../database/tables.ts';
import type { Revocation, RevocationSource } from './revocation-reader.ts';

const pageSize = 500;

type Row = Pick<Selectable<Tables['revocations']>, 'number' | 'kind' | 'grantId' | 'user' | 'room' | 'reason'>;

/** Reads the log that triggers write whenever a grant or a membership ends, whatever ended it. */
export class RevocationLog implements RevocationSource {
  readonly #kysely: Kysely<Tables>;
  readonly #page: CompiledQuery<Row>;

  constructor(kysely: Kysely<Tables>) {
    this.#kysely = kysely;
    // Compiled once: it is asked several times a second for as long as the process lives.
    this.#page = kysely
      .selectFrom('revocations')
      .select(['number', 'kind', 'grantId', 'user', 'room', 'reason'])
      .where('number', '>', 0)
      .orderBy('number')
      .limit(pageSize)
      .compile();
  }

  async readLast(): Promise<number> {
    const row = await this.#kysely
      .selectFrom('revocations')
      .select((eb) => eb.fn.max('number').as('last'))
      .executeTakeFirst();
    return row?.last ?? 0;
  }

  async readAfter(number: number): Promise<Revocation[]> {
    const { rows } = await this.#kysely.executeQuery<Row>({ ...this.#page, parameters: [number, pageSize] });
    return rows.map(({ number, kind, grantId, user, room, reason }) => {
      if (kind === 'grant') return { number, kind, grantId: grantId ?? '', user, reason };
      if (kind === 'role') return { number, kind, user, role: reason };
      return { number, kind, user, room: room ?? '' };
    });
  }
}
