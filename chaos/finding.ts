/** The columns of the table that must be zero, and `late` for what came, but not in the time that is promised. */
export const columns = ['lost', 'doubled', 'out of order', 'without right', 'late'] as const;
export type Column = (typeof columns)[number];

export type Finding = { column: Column; text: string };

/** What breaks an invariant, each said once, however often it is seen. */
export class Findings {
  readonly #texts = new Set<string>();
  #fresh: Finding[] = [];

  add(column: Column, text: string): void {
    if (this.#texts.has(text)) return;
    this.#texts.add(text);
    this.#fresh.push({ column, text });
  }

  /** Those since the last time. */
  take(): Finding[] {
    const fresh = this.#fresh;
    this.#fresh = [];
    return fresh;
  }
}
