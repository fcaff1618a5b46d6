type ErrorKind = { status: number; title: string; retryable: boolean };

const refused = (status: number, title: string): ErrorKind => ({ status, title, retryable: false });
const retryable = (status: number, title: string): ErrorKind => ({ status, title, retryable: true });

/**
 * Every refusal that Parlour knows: its stable code, the HTTP status it has there (RFC 9110), a title (RFC 9457),
 * and whether the same request may succeed later without being changed.
 */
export const errorKinds = {
  malformed: refused(400, 'The request is malformed'),
  logout_token_invalid: refused(400, 'The logout token is not valid'),
  not_authenticated: refused(401, 'Not signed in'),
  wrong_credentials: refused(401, 'Email and password do not match'),
  banned: refused(403, 'Banned'),
  anonymous: refused(403, 'Nobody is signed in'),
  forbidden: refused(403, 'Not allowed'),
  confirmation_required: refused(403, 'Confirm that it is you'),
  insufficient_scope: refused(403, 'Not within what this token is for'),
  passkey_refused: refused(403, 'The passkey was not accepted'),
  code_refused: refused(403, 'The code was not accepted'),
  second_factor_expired: refused(403, 'Sign in again'),
  cross_site: refused(403, 'The request comes from another site'),
  not_a_member: refused(403, 'Not a member of this room'),
  removed_from_room: refused(403, 'Removed from this room'),
  provider_refused: refused(403, 'The sign-in provider did not confirm it'),
  sign_on_cancelled: refused(403, 'Not signed in at the provider'),
  sign_on_expired: refused(403, 'This sign-in is over'),
  email_missing: refused(403, 'The provider told no email address'),
  sign_up_closed: refused(403, 'Sign-up is closed'),
  invite_required: refused(403, 'Sign-up needs an invite'),
  claim_invalid: refused(403, 'The claim code is wrong'),
  not_found: refused(404, 'Not found'),
  room_not_found: refused(404, 'No such room'),
  invite_not_found: refused(404, 'No such invite'),
  post_not_found: refused(404, 'No such post'),
  session_not_found: refused(404, 'No such login'),
  passkey_not_found: refused(404, 'No such passkey'),
  person_not_found: refused(404, 'No such person'),
  method_not_allowed: refused(405, 'Method not allowed'),
  id_conflict: refused(409, 'This id was used for something else'),
  already_claimed: refused(409, 'This house has an owner already'),
  email_taken: refused(409, 'This address has an account already'),
  link_required: refused(409, 'Sign in as before and link the provider'),
  identity_taken: refused(409, 'This sign-in belongs to another account'),
  identity_exists: refused(409, 'Linked at this provider already'),
  last_sign_in_way: refused(409, 'The only way to sign in'),
  second_factor_exists: refused(409, 'Two-step sign-in is on already'),
  not_joined: refused(409, 'This socket has not joined the room'),
  owner_cannot_leave: refused(409, 'The owner cannot leave'),
  mail_off: refused(409, 'This house sends no mail'),
  invite_expired: refused(410, 'The invite has expired'),
  invite_used_up: refused(410, 'The invite is used up'),
  invite_revoked: refused(410, 'The invite was revoked'),
  link_invalid: refused(410, 'This link does not work any more'),
  payload_too_large: refused(413, 'Too large'),
  unsupported_media_type: refused(415, 'Unsupported media type'),
  invalid_field: refused(422, 'A field is not valid'),
  invalid_body: refused(422, 'The text is not valid'),
  too_many_rooms: refused(422, 'Too many rooms joined'),
  too_many_access_tokens: refused(422, 'Too many access tokens'),
  too_many_passkeys: refused(422, 'Too many passkeys'),
  rate_limited: retryable(429, 'Too many requests'),
  internal: retryable(500, 'Something went wrong'),
  out_of_turn: retryable(503, 'An earlier send failed'),
  storage_unavailable: retryable(503, 'Storage is unavailable'),
  provider_unavailable: retryable(503, 'The sign-in provider cannot be reached'),
  busy: retryable(503, 'The server is busy'),
  // The client's own, for where no answer came at all: no server sends it.
  unreachable: retryable(503, 'The server cannot be reached'),
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorKinds;

export type ErrorDetails = {
  /** The field at fault, as a dotted path. */
  field?: string;
  /** Seconds after which to try again. */
  retryAfter?: number;
  cause?: unknown;
};

/** An expected refusal. `message` is one sentence for a person; `code` is stable and for programs. */
export class ParlourError extends Error {
  readonly code: ErrorCode;
  readonly field: string | undefined;
  readonly retryAfter: number | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'ParlourError';
    this.code = code;
    this.field = details.field;
    this.retryAfter = details.retryAfter;
  }

  get status(): number {
    return errorKinds[this.code].status;
  }

  get retryable(): boolean {
    return errorKinds[this.code].retryable;
  }
}

/** A problem document (RFC 9457) as Parlour writes it, with the media type `application/problem+json`. */
export type Problem = {
  type: 'about:blank';
  title: string;
  status: number;
  detail: string;
  code: ErrorCode;
  field?: string;
  retryAfter?: number;
};

export function toProblem(error: ParlourError): Problem {
  const problem: Problem = {
    type: 'about:blank',
    title: errorKinds[error.code].title,
    status: error.status,
    detail: error.message,
    code: error.code,
  };
  if (error.field !== undefined) problem.field = error.field;
  if (error.retryAfter !== undefined) problem.retryAfter = error.retryAfter;
  return problem;
}

export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(errorKinds, code);
}
