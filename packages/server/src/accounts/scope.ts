import { accessScopes } from '@parlour/protocol/access-tokens';

/** What a grant may be used for; each includes those before it. `full`, one's own account, is for sessions alone. */
const scopes = [...accessScopes, 'full'] as const;
export type Scope = (typeof scopes)[number];

export function covers(held: Scope, needed: Scope): boolean {
  return scopes.indexOf(held) >= scopes.indexOf(needed);
}
