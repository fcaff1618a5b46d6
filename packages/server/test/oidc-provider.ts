import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type CryptoKey,
  decodeJwt,
  exportJWK,
  generateKeyPair,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
} from 'jose';
import { type ClientMetadata, type Configuration, Provider } from 'oidc-provider';

export type ProviderPerson = { email?: string; email_verified?: boolean; name?: string };
export type ProviderOptions = {
  /** What the provider's discovery, tokens and behaviour are like beyond what a house needs. */
  configuration?: Configuration;
  client?: Partial<ClientMetadata>;
};

export const clientSecret = 'a secret of the house at its provider';

/**
 * A real, certified OpenID provider on a free port. It is there from the start, answers 503 until it knows the house that
 * signs in at it, and has people whose names are their logins.
 */
export class OidcProvider {
  readonly #server: Server;
  readonly #id: string;
  readonly #people = new Map<string, ProviderPerson>();
  readonly #keys: KeyPair;
  #provider: Provider | undefined;
  #answer: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
  /** Who is at the keyboard: without anybody, the provider shows its form. */
  visitor: string | undefined;
  /** Puts another ID token in the place of the one that the provider gives. */
  forge: ((claims: JWTPayload, idToken: string) => Promise<string>) | undefined;
  /** What the provider told the house behind the browser's back, and how that ended. */
  readonly told: ('success' | 'error')[] = [];

  private constructor(server: Server, id: string, keys: KeyPair) {
    this.#server = server;
    this.#keys = keys;
    this.#id = id;
  }

  static async listen(id = 'keystone'): Promise<OidcProvider> {
    const server = createServer((request, response) => {
      if (request.url === '/favicon.ico') response.writeHead(204).end();
      else if (provider.#answer === undefined) response.writeHead(503).end();
      else provider.#answer(request, response);
    });
    const provider = new OidcProvider(server, id, await newKeyPair(id));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return provider;
  }

  /** Another host than the house's, so that neither gets the other's cookies. */
  get issuer(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get clientId(): string {
    return `house at ${this.#id}`;
  }

  /** The settings of a house that signs in here. */
  get settings(): Record<`PARLOUR_${string}`, string> {
    const prefix = `PARLOUR_OIDC_${this.#id.toUpperCase()}` as const;
    return {
      [`${prefix}_ISSUER`]: this.issuer,
      [`${prefix}_CLIENT_ID`]: this.clientId,
      [`${prefix}_CLIENT_SECRET`]: clientSecret,
    };
  }

  /** Somebody signs in by this name from now on, and is this. */
  know(login: string, person: ProviderPerson): void {
    this.#people.set(login, person);
  }

  /** Signs whatever a test wants to have signed, with the provider's own key. */
  sign(payload: JWTPayload, header: Partial<JWTHeaderParameters> = {}): Promise<string> {
    const { kid } = this.#keys.jwk;
    return new SignJWT(payload)
      .setProtectedHeader({ alg: 'RS256', typ: 'logout+jwt', kid, ...header } as JWTHeaderParameters)
      .sign(this.#keys.privateKey);
  }

  /** The key that everybody may know. */
  get publicKey(): CryptoKey {
    return this.#keys.publicKey;
  }

  open(houseOrigin: string, { configuration = {}, client = {} }: ProviderOptions = {}): void {
    const door = `${houseOrigin}/api/auth/oidc/${this.#id}`;
    const provider = new Provider(this.issuer, {
      clients: [
        {
          client_id: this.clientId,
          client_secret: clientSecret,
          redirect_uris: [`${door}/callback`],
          post_logout_redirect_uris: [`${houseOrigin}/sign-in`],
          backchannel_logout_uri: `${door}/backchannel-logout`,
          backchannel_logout_session_required: true,
          ...client,
        },
      ],
      jwks: { keys: [this.#keys.jwk] },
      ttl: lives,
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
      pkce: { required: () => true },
      findAccount: (_ctx, login) => ({
        accountId: login,
        claims: () => ({ sub: login, ...this.#people.get(login) }),
      }),
      interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
      cookies: { keys: ['a key of the test'] },
      // The house is on this machine, where the provider's own way to fetch would call nobody.
      fetch: (url, options) => fetch(url, { ...options, dispatcher: undefined } as RequestInit),
      ...configuration,
      features: {
        devInteractions: { enabled: false },
        backchannelLogout: { enabled: true },
        // At the provider, signing out asks nothing.
        rpInitiatedLogout: {
          logoutSource: (ctx, form) => {
            ctx.body = `<!doctype html><title>Out</title>${form}<button form="op.logoutForm" name="logout" value="yes">Sign out at the provider</button>`;
          },
        },
        ...configuration.features,
      },
    });
    provider.on('backchannel.success', () => this.told.push('success'));
    provider.on('backchannel.error', () => this.told.push('error'));
    provider.use(async (ctx, next) => {
      await next();
      const { id_token: idToken } = (ctx.body ?? {}) as { id_token?: string };
      if (idToken === undefined || this.forge === undefined) return;
      ctx.body = { ...(ctx.body as object), id_token: await this.forge(decodeJwt(idToken), idToken) };
    });
    const callback = provider.callback();
    this.#provider = provider;
    this.#answer = (request, response) => {
      const isInteraction = request.url?.startsWith('/interaction/') ?? false;
      if (isInteraction) void this.#interact(provider, request, response);
      else void callback(request, response);
    };
  }

  /** As if it had gone down; `open` brings it back. */
  fail(): void {
    this.#answer = undefined;
  }

  /** Signs somebody out behind the browser's back, as where an administrator does it. */
  async signOut(login: string, sid: string): Promise<void> {
    const client = await this.#provider?.Client.find(this.clientId);
    await (client as unknown as BackChannelClient).backchannelLogout(login, sid);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #interact(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { params } = await provider.interactionDetails(request, response);
    const login = this.visitor ?? (await readLogin(request));
    if (login === undefined) {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(form);
      return;
    }
    if (login === 'nobody') {
      await provider.interactionFinished(request, response, { error: 'access_denied' });
      return;
    }
    const grant = new provider.Grant({ accountId: login, clientId: String(params['client_id']) });
    grant.addOIDCScope(String(params['scope']));
    const result = { login: { accountId: login }, consent: { grantId: await grant.save() } };
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  }
}

type KeyPair = { publicKey: CryptoKey; privateKey: CryptoKey; jwk: { kid: string } & Record<string, unknown> };

async function newKeyPair(id: string): Promise<KeyPair> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  return {
    publicKey,
    privateKey,
    jwk: { ...(await exportJWK(privateKey)), kid: `key of ${id}`, use: 'sig', alg: 'RS256' },
  };
}

// Seconds. Said, because the provider complains about each that is not.
const lives = { AccessToken: 3600, AuthorizationCode: 60, Grant: 3600, IdToken: 3600, Interaction: 600, Session: 3600 };

type BackChannelClient = { backchannelLogout(login: string, sid: string): Promise<void> };

const form = `<!doctype html><html lang="en"><title>Provider</title><h1>Provider</h1>
<form method="post"><label>Login <input name="login"></label><button>Continue</button></form></html>`;

async function readLogin(request: IncomingMessage): Promise<string | undefined> {
  if (request.method !== 'POST') return undefined;
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return new URLSearchParams(Buffer.concat(chunks).toString()).get('login') ?? undefined;
}
