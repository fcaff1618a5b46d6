import { type AuditEvent, auditKinds } from '@parlour/protocol/audit';
import { nameBrowser } from '../session/name-browser.ts';

const methods: Record<string, string> = {
  sign_up: 'Signed in for the first time',
  password: 'Signed in with a password',
  passkey: 'Signed in with a passkey',
  single_sign_on: 'Signed in through single sign-on',
};
const endings: Record<string, string> = {
  signed_out: 'Signed out',
  signed_out_elsewhere: 'Was signed out from another device',
  signed_out_everywhere: 'Was signed out by “everywhere else”',
  replaced: 'Left a login for a new one in the same browser',
  expired: 'Was signed out because the login had expired',
  password_changed: 'Was signed out because the password changed',
  password_reset: 'Was signed out because the password was reset',
  provider_signed_out: 'Was signed out by the single sign-on provider',
  banned: 'Was signed out by a ban',
  account_ended: 'Was signed out because the account was closed',
};
const byDetail: Partial<Record<AuditEvent['kind'], (detail: AuditEvent['detail']) => string | undefined>> = {
  signed_in: ({ method, provider }) =>
    method === 'single_sign_on' && typeof provider === 'string'
      ? `Signed in through ${provider}`
      : methods[String(method)],
  session_ended: ({ reason }) => endings[String(reason)],
  role_changed: ({ from, to }) => (from && to ? `Changed a role from ${from} to ${to}` : undefined),
  access_token_created: ({ name }) => (typeof name === 'string' ? `Made the access token “${name}”` : undefined),
  access_token_ended: ({ name }) => (typeof name === 'string' ? `The access token “${name}” ended` : undefined),
};

/** What happened, in words that stand without their person: “Signed in with a password”, “Wrong password”. */
export function describeEvent({ kind, subject, detail }: Pick<AuditEvent, 'kind' | 'subject' | 'detail'>): string {
  const isKnown = kind === 'sign_in_failed' && subject !== null;
  const words = isKnown ? 'Wrong password' : (byDetail[kind]?.(detail) ?? auditKinds[kind]);
  const { unwritten } = detail;
  return typeof unwritten === 'number' && unwritten > 0 ? `${words} (${unwritten} more times before)` : words;
}

/** Where it came from: “Firefox on Linux, 192.0.2.1”. */
export function describeOrigin({
  browser,
  system,
  address,
}: Pick<AuditEvent, 'browser' | 'system' | 'address'>): string {
  const device = browser === null || system === null ? undefined : nameBrowser({ browser, system });
  return [device, address].filter((part) => part !== undefined && part !== null).join(', ');
}

export function nameOf(person: NonNullable<AuditEvent['actor']>): string {
  return person.name ?? 'Somebody whose account is closed';
}
