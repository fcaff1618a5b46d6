import * as v from 'valibot';
import { page, pageCursor, pageLimit } from './paging.ts';

/** Every kind of security event that the audit log knows, and the words that a person reads. */
export const auditKinds = {
  signed_up: 'Signed up',
  signed_in: 'Signed in',
  sign_in_failed: 'Wrong email or password',
  sign_in_limited: 'Too many attempts to sign in',
  sign_in_refused: 'Refused after signing in at a provider',
  ticket_refused: 'A ticket that opens nothing was refused',
  session_ended: 'A login ended',
  session_revoked: 'Signed another device out',
  other_sessions_revoked: 'Signed out everywhere else',
  session_confirmed: 'Gave the password or passkey again',
  confirmation_failed: 'Wrong password, given again while signed in',
  passkey_added: 'Added a passkey',
  passkey_removed: 'Removed a passkey',
  passkey_refused: 'A passkey was refused',
  second_factor_on: 'Turned two-step sign-in on',
  second_factor_off: 'Turned two-step sign-in off',
  second_factor_failed: 'Wrong code as the second step',
  recovery_code_used: 'Used a recovery code',
  recovery_codes_made: 'Made new recovery codes',
  password_changed: 'Changed the password',
  account_closed: 'Closed the account',
  banned: 'Banned',
  pardoned: 'Lifted a ban',
  role_changed: 'Changed a role',
  access_token_created: 'Made an access token',
  access_token_ended: 'An access token ended',
  access_token_revoked: 'Revoked an access token',
  logout_token_refused: 'A provider’s sign-out was not believed',
  identity_linked: 'Linked a sign-in provider',
  identity_unlinked: 'Unlinked a sign-in provider',
  reset_requested: 'Asked for a new password',
  reset_link_issued: 'Made a link for a new password',
  password_reset: 'Set a new password by a link',
  email_verified: 'Confirmed the address',
  email_change_requested: 'Asked to change the address',
  email_changed: 'Changed the address',
  house_claimed: 'Claimed the house',
  claim_refused: 'Wrong code to claim the house',
  sign_up_refused: 'Refused an account',
  invite_made: 'Made an invite',
  invite_revoked: 'Took an invite back',
  invite_accepted: 'Came in by an invite',
  member_added: 'Added somebody to a room',
  member_removed: 'Took somebody out of a room',
  audit_exported: 'Exported the history',
} as const;

export type AuditKind = keyof typeof auditKinds;
export const auditKindNames = Object.keys(auditKinds) as [AuditKind, ...AuditKind[]];

const moment = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z)?$/, 'A time is a date, or a date and time in UTC.'),
  v.check((text) => !Number.isNaN(Date.parse(text)), 'There is no such time.'),
);
const id = v.pipe(v.string(), v.minLength(1), v.maxLength(64));

/** What the log is narrowed down to. `person` is whoever did it or whom it concerns; `to` is not included. */
export const auditFilter = v.object({
  kind: v.optional(v.picklist(auditKindNames, 'There is no such kind.')),
  actor: v.optional(id),
  subject: v.optional(id),
  person: v.optional(id),
  address: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(64))),
  from: v.optional(moment),
  to: v.optional(moment),
});
export type AuditFilter = v.InferOutput<typeof auditFilter>;
export const auditQuery = v.object({ ...auditFilter.entries, cursor: pageCursor, limit: pageLimit });
export type AuditQuery = v.InferOutput<typeof auditQuery>;

/** Somebody in the log; without a name once the account is closed. */
const auditPerson = v.nullable(v.object({ id: v.string(), name: v.nullable(v.string()) }));

/** One security event. `address`, `browser` and `system` are those of whoever did it, where they are known. */
export const auditEvent = v.object({
  number: v.number(),
  at: v.string(),
  kind: v.picklist(auditKindNames),
  actor: auditPerson,
  subject: auditPerson,
  address: v.nullable(v.string()),
  browser: v.nullable(v.string()),
  system: v.nullable(v.string()),
  detail: v.record(v.string(), v.unknown()),
});
export type AuditEvent = v.InferOutput<typeof auditEvent>;
export const auditPage = page(auditEvent, v.string());
