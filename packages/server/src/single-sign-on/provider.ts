import { createRemoteJWKSet, type JWTVerifyGetKey, customFetch as jwksFetch } from 'jose';
import {
  allowInsecureRequests,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  type CustomFetch,
  clockTolerance,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
} from 'openid-client';
import type { Clock } from '../clock.ts';
import { fetchFromProvider, providerPatience, providerUnavailable } from './provider-fetch.ts';
import type { ProviderSettings } from './provider-settings.ts';

/** Seconds by which a provider's clock may differ from ours. */
export const providerTolerance = 30;
/** What a provider may sign with: asymmetric only, so that no public key and no client secret passes for a signing key. */
export const signingAlgorithms = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];
/** Milliseconds after which what the provider says about itself is read again, and for which it is good without that. */
const freshFor = 60 * 60 * 1_000;
const goodFor = 24 * freshFor;
const keysFor = 10 * 60 * 1_000;

export type Discovered = { configuration: Configuration; issuer: string; keys: JWTVerifyGetKey };

/** One OpenID provider. What it says about itself is asked for when it is first needed, and again after a failure. */
export class Provider {
  readonly settings: ProviderSettings;
  readonly #clock: Clock;
  #found: (Discovered & { at: number }) | undefined;
  #asking: Promise<Discovered> | undefined;

  constructor(settings: ProviderSettings, clock: Clock) {
    this.settings = settings;
    this.#clock = clock;
  }

  /** Throws `provider_unavailable`, also where what it answers is no provider's. */
  async discover(): Promise<Discovered> {
    const age = this.#clock.now() - (this.#found?.at ?? Number.NEGATIVE_INFINITY);
    if (this.#found !== undefined && age < freshFor) return this.#found;
    // Those who come while it is being asked wait for the same answer.
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    try {
      return await this.#asking;
    } catch (cause) {
      if (this.#found !== undefined && age < goodFor) return this.#found;
      throw providerUnavailable(cause);
    }
  }

  async #ask(): Promise<Discovered> {
    const { issuer, clientId, clientSecret } = this.settings;
    const configuration = await discovery(
      new URL(issuer),
      clientId,
      { [clockTolerance]: providerTolerance },
      authenticateClient(clientSecret),
      {
        [customFetch]: fetchFromProvider as CustomFetch,
        timeout: providerPatience,
        // The settings take http on this machine only.
        execute: [enableNonRepudiationChecks, ...(issuer.startsWith('http:') ? [allowInsecureRequests] : [])],
      },
    );
    const { issuer: exact, jwks_uri } = configuration.serverMetadata();
    if (jwks_uri === undefined) throw new Error(`${issuer} names no jwks_uri`);
    // Keys that came by http could be anybody's.
    if (issuer.startsWith('https:') && !jwks_uri.startsWith('https:')) throw new Error(`${jwks_uri} is not https`);
    const keys = createRemoteJWKSet(new URL(jwks_uri), {
      [jwksFetch]: fetchFromProvider,
      timeoutDuration: providerPatience * 1_000,
      cacheMaxAge: keysFor,
    });
    this.#found = { configuration, issuer: exact, keys, at: this.#clock.now() };
    return this.#found;
  }
}

// Basic is what a client is registered for where nothing else is said (OpenID Connect Dynamic Client Registration 1.0).
function authenticateClient(secret: string): ClientAuth {
  const [basic, post] = [ClientSecretBasic(secret), ClientSecretPost(secret)];
  return (server, client, body, headers) => {
    const methods = server.token_endpoint_auth_methods_supported;
    const auth = methods === undefined || methods.includes('client_secret_basic') ? basic : post;
    auth(server, client, body, headers);
  };
}
