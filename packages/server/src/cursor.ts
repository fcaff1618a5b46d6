import { ParlourError } from '@parlour/protocol/errors';
import * as v from 'valibot';

/** A cursor is the sort key of a page's last item, so that what comes or goes between two pages skips and doubles nothing. */
export function toCursor(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** Throws `invalid_field` for a cursor that this list did not give. */
export function readCursor<Key extends v.GenericSchema>(key: Key, cursor: string): v.InferOutput<Key> {
  try {
    return v.parse(key, JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch (cause) {
    throw new ParlourError('invalid_field', 'This is no cursor of this list.', { field: 'cursor', cause });
  }
}

/** Splits off the one item that was read beyond the page, which tells whether there is a further one. */
export function toPage<Row, Item>(
  rows: Row[],
  limit: number,
  { item, key }: { item(row: Row): Item; key(row: Row): readonly (string | number)[] },
): { items: Item[]; next: string | null } {
  const last = rows[limit - 1];
  const next = rows.length > limit && last !== undefined ? toCursor(key(last)) : null;
  return { items: rows.slice(0, limit).map(item), next };
}
