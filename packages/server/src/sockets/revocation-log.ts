import type { CompiledQuery, Kysely, Selectable } from 'kysely';
import type { Tables } from '../database/tables.ts';
import type { Revocation, RevocationSource } from './revocation-reader.ts';

const pageSize = 500;

type Row = Pick<Selectable<Tables['revocations']>, 'number' | 'kind' | 'grantId' | 'user' | 'room' | 'reason' | 'at'>;

/** Reads the log that triggers write whenever a grant or a membership ends, whatever ended it. */
export class RevocationLog implements RevocationSource {
  readonly #kysely: Kysely<Tables>;
  readonly #page: CompiledQuery<Row>;
  /** The last row that was read. Another database may have given its number to another one. */
  #read: Pick<Row, 'number' | 'at'> | undefined;

  constructor(kysely: Kysely<Tables>) {
    this.#kysely = kysely;
    // Compiled once: it is asked several times a second for as long as the process lives.
    this.#page = kysely
      .selectFrom('revocations')
      .select(['number', 'kind', 'grantId', 'user', 'room', 'reason', 'at'])
      .where('number', '>=', 0)
      .orderBy('number')
      .limit(pageSize)
      .compile();
  }

  async readLast(): Promise<number> {
    this.#read = await this.#kysely
      .selectFrom('revocations')
      .select(['number', 'at'])
      .orderBy('number', 'desc')
      .limit(1)
      .executeTakeFirst();
    return this.#read?.number ?? 0;
  }

  async readAfter(number: number): Promise<Revocation[] | undefined> {
    const { rows } = await this.#kysely.executeQuery<Row>({ ...this.#page, parameters: [number, pageSize] });
    const isKnown = rows[0]?.number === number && this.#isSame(rows[0]);
    if (!isKnown && number > 0) return undefined;
    this.#read = rows.at(-1) ?? this.#read;
    return rows.slice(isKnown ? 1 : 0).map(({ number, kind, grantId, user, room, reason }) => {
      if (kind === 'grant') return { number, kind, grantId: grantId ?? '', user, reason };
      if (kind === 'role') return { number, kind, user, role: reason };
      return { number, kind, user, room: room ?? '' };
    });
  }

  #isSame({ number, at }: Row): boolean {
    return this.#read?.number !== number || this.#read.at === at;
  }
}
