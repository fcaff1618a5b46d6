import { ParlourError } from '@parlour/protocol/errors';
import type { Browser } from '../accounts/browser.ts';
import type { PasskeyDeps } from './passkey.ts';

/** Why an answer of an authenticator is not believed: for the audit log, never for whoever sent it. */
export class PasskeyFault extends Error {
  readonly subject: string | undefined;

  constructor(reason: string, { subject, cause }: { subject?: string; cause?: unknown } = {}) {
    super(reason, { cause });
    this.name = 'PasskeyFault';
    this.subject = subject;
  }
}

/** Does something with an authenticator's answer; every fault of it is one refusal, and noted. Throws `passkey_refused`. */
export async function refuseFaults<Result>(
  { attempts }: PasskeyDeps,
  browser: Browser,
  act: () => Promise<Result>,
): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof PasskeyFault)) throw error;
    const { subject, message: reason } = error;
    await attempts.note({ kind: 'passkey_refused', subject, from: browser, detail: { reason } });
    throw new ParlourError('passkey_refused', 'This passkey was not accepted. Try again, or sign in another way.', {
      cause: error,
    });
  }
}
