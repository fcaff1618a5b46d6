import * as v from 'valibot';
import { limits } from './limits.ts';

export function limitUpTo(maximum: number) {
  return v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d{1,4}$/, 'A limit is a whole number.'),
      v.transform(Number),
      v.minValue(1, 'A limit is at least 1.'),
      v.maxValue(maximum, `A limit is at most ${maximum}.`),
    ),
  );
}

/** `?limit=`: how many items a page holds at most. */
export const pageLimit = limitUpTo(limits.pageMaximum);

/** `?cursor=`: the `next` of the page before. What it holds is the server's own business. */
export const pageCursor = v.optional(v.pipe(v.string(), v.maxLength(512, 'A cursor is not that long.')));

export const listQuery = v.object({ cursor: pageCursor, limit: pageLimit });
export type ListQuery = v.InferOutput<typeof listQuery>;

/** A page of a list. `next` is the cursor of the following page, or null at the end. */
export type Page<Item, Cursor = string> = { items: Item[]; next: Cursor | null };

export function page<Item extends v.GenericSchema, Cursor extends v.GenericSchema>(item: Item, cursor: Cursor) {
  return v.object({ items: v.array(item), next: v.nullable(cursor) });
}
