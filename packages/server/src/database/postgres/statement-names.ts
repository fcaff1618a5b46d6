const kept = 500;

/** Names for prepared statements, so that PostgreSQL parses and plans each text once a connection. */
export class StatementNames {
  readonly #names = new Map<string, string>();

  /** Undefined beyond the number that is kept: such a text is planned each time, and no connection holds more. */
  of(sql: string): string | undefined {
    const found = this.#names.get(sql);
    if (found !== undefined || this.#names.size >= kept) return found;
    const name = `p${this.#names.size}`;
    this.#names.set(sql, name);
    return name;
  }
}
