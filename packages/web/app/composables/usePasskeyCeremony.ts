import { ParlourError } from '@parlour/protocol/errors';
import type { Passkey, PasskeyAssertion } from '@parlour/protocol/passkeys';
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';

type Challenge<Options> = { handle: string; options: Options };

// Only whoever uses a passkey needs it.
const load = () => import('@simplewebauthn/browser');

/** What a browser and its authenticator do with a challenge of this house. Throws ParlourError. */
export function usePasskeyCeremony() {
  const api = useApi();

  /**
   * `suggested`: waits until a passkey is picked from what the browser suggests for a field. A page has one ceremony at
   * a time, and a later one ends the earlier: `isWanted` is asked once the challenge is there, before it begins.
   */
  async function sign({ suggested = false, isWanted = (): boolean => true } = {}): Promise<PasskeyAssertion> {
    const { startAuthentication } = await load();
    const { handle, options } = await api.send<Challenge<PublicKeyCredentialRequestOptionsJSON>>(
      'POST',
      '/api/auth/passkey/options',
    );
    if (!isWanted()) return refuse(undefined);
    const answer = startAuthentication({ optionsJSON: options, useBrowserAutofill: suggested });
    return { handle, response: (await answer.catch(refuse)) as PasskeyAssertion['response'] };
  }

  async function register(): Promise<Passkey> {
    const { startRegistration } = await load();
    const { handle, options } = await api.send<Challenge<PublicKeyCredentialCreationOptionsJSON>>(
      'POST',
      '/api/account/passkeys/options',
    );
    const response = await startRegistration({ optionsJSON: options }).catch(refuse);
    return await api.send<Passkey>('POST', '/api/account/passkeys', { handle, response });
  }

  async function canSuggest(): Promise<boolean> {
    return await (await load()).browserSupportsWebAuthnAutofill();
  }

  return { sign, register, canSuggest };
}

const sentences: Record<string, string> = {
  InvalidStateError: 'This device has a passkey of yours already.',
  NotAllowedError: 'No passkey was used. Try again when you are ready.',
  NotSupportedError: 'This device cannot keep a passkey that is locked by you.',
  SecurityError: 'Passkeys do not work at this address. Open this house at its proper one.',
};

function refuse(cause: unknown): never {
  const { name = '' } = (cause ?? {}) as { name?: string };
  throw new ParlourError('passkey_refused', sentences[name] ?? 'This browser could not use a passkey.', { cause });
}
