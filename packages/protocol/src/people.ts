import * as v from 'valibot';
import { roles } from './accounts.ts';
import { listQuery, page } from './paging.ts';
import { line } from './text.ts';

/** Somebody of the house, for those who look after it. Nobody sees another's address, they neither. */
export const houseMember = v.object({
  id: v.string(),
  name: v.string(),
  role: v.picklist(roles),
  banned: v.boolean(),
  banReason: v.nullable(v.string()),
  joinedAt: v.string(),
});
export type HouseMember = v.InferOutput<typeof houseMember>;
export const peopleList = page(houseMember, v.string());

/** `query` is a part of the name. */
export const peopleQuery = v.object({
  ...listQuery.entries,
  query: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(80, 'No name is that long.'))),
});

/** The reason is for those who look after the house. */
export const ban = v.object({ reason: v.optional(line('The reason', 200)) });
/** `owner` hands the house over: who did so is an admin from then on. */
export const roleChange = v.object({ role: v.picklist(roles, 'There is no such role.') });
