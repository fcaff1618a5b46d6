import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { Log } from '../log.ts';
import type { Mailer } from '../mail/create-mailer.ts';
import { newDeviceLetter } from '../mail/new-device-letter.ts';
import { nameDevice } from './name-device.ts';
import type { SignedIn } from './open-session.ts';

export type NewDeviceDeps = { db: Database; clock: Clock; log: Log; mail: Mailer | undefined };

const day = 24 * 60 * 60 * 1_000;
/** A browser that was used within this time is known. */
const knownFor = 90 * day;
/** One person's different browsers that are looked at. */
const browserMaximum = 500;

/** Mails a person about a login from a browser that they did not use lately. After the login, which never waits for it. */
export function noticeNewDevice(deps: NewDeviceDeps, signedIn: SignedIn): void {
  const { mail, log } = deps;
  // Whoever has just made the account knows.
  if (mail === undefined || signedIn.method === 'sign_up') return;
  void isNewDevice(deps, signedIn).then(
    (isNew) => {
      const { at, userAgent, address } = signedIn;
      if (isNew)
        mail.send(signedIn.email, (house) => newDeviceLetter(house, { at, address, ...nameDevice(userAgent) }));
    },
    (cause: unknown) => log.warn('It could not be told whether a device is new', { user: signedIn.userId, cause }),
  );
}

/** By name, not by version: an update makes no new device. The first login of all has nothing to be compared with. */
async function isNewDevice({ db, clock }: NewDeviceDeps, { userId, session, userAgent }: SignedIn): Promise<boolean> {
  const others = await db.kysely
    .selectFrom('audit')
    .select((eb) => ['userAgent', eb.fn.max('at').as('at')])
    .where('subject', '=', userId)
    // The end counts too: a login may last as long as it is remembered.
    .where('kind', 'in', ['signed_in', 'session_ended'])
    .where('detail', 'not like', `%"${session}"%`)
    .groupBy('userAgent')
    .orderBy('at', 'desc')
    .limit(browserMaximum)
    .execute();
  if (others.length === 0) return false;
  const since = clock.now() - knownFor;
  const name = toText(userAgent);
  return !others.some((other) => other.at > since && toText(other.userAgent ?? '') === name);
}

function toText(userAgent: string): string {
  const { browser, system } = nameDevice(userAgent);
  return `${browser} ${system}`;
}
