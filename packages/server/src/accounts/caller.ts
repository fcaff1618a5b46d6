import type { Role } from '@parlour/protocol/accounts';
import type { Person } from '@parlour/protocol/events';
import type { Browser } from './browser.ts';
import type { Scope } from './scope.ts';

/** Who makes a request, and by which grant: a session, or an access token. The address is for themselves only. */
export type Caller = {
  /** Where this request comes from; absent where nobody asked over HTTP. */
  from?: Browser;
  grantId: string;
  /** What the grant may be used for, whatever the person may do. */
  scope: Scope;
  user: Person;
  /** The person's, as far as the scope reaches: below `admin` the house's roles give nothing. */
  role: Role;
  email: string;
  /** When the account was made, ISO 8601. */
  createdAt: string;
  /** When this person last showed who they are in this session, in milliseconds since 1970. */
  confirmedAt: number;
  /** When the grant ends, in milliseconds since 1970, unless it is used before or revoked. */
  expiresAt: number;
  /** When it ends however often it is used. */
  endsAt: number;
};

/** Grants that another feature keeps, known from sessions by the form of their bearers and ids. */
export type OtherGrants = {
  isBearer(bearer: string): boolean;
  isGrantId(id: string): boolean;
  findByBearer(bearer: string): Promise<Caller | undefined>;
  findById(id: string): Promise<Caller | undefined>;
};
