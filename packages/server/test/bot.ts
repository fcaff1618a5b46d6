import type { CreatedAccessToken } from '@parlour/protocol/access-tokens';
import { TestSocket } from './test-socket.ts';
import { type Answer, Visitor } from './visitor.ts';

type Terms = { name?: string; scope?: string; expiresIn?: number };

/** A script: it has an access token of somebody's, and no cookies. */
export class Bot {
  readonly id: string;
  readonly secret: string;
  readonly #visitor: Visitor;

  private constructor(origin: string, { id, token }: CreatedAccessToken) {
    this.id = id;
    this.secret = token;
    this.#visitor = new Visitor(origin);
  }

  static async of(owner: Visitor, terms: Terms = {}): Promise<Bot> {
    const details = { name: 'Bot', ...terms };
    const { status, body } = await owner.request<CreatedAccessToken>('POST', '/api/account/access-tokens', details);
    if (status !== 201) throw new Error(`no access token: ${status} ${JSON.stringify(body)}`);
    return new Bot(owner.origin, body);
  }

  /** By the access token, or by another bearer. */
  request<Body = never>(method: string, path: string, body?: unknown, bearer = this.secret): Promise<Answer<Body>> {
    return this.#visitor.request<Body>(method, path, body, { authorization: `Bearer ${bearer}` });
  }

  async token(): Promise<string> {
    return (await this.request<{ token: string }>('GET', '/api/auth/token')).body.token;
  }

  async connect(): Promise<TestSocket> {
    const { ticket } = (await this.request<{ ticket: string }>('POST', '/api/sockets/tickets')).body;
    const [socket, token] = await Promise.all([TestSocket.open(this.#visitor.origin, ticket), this.token()]);
    socket.send({ type: 'authenticate', token });
    await socket.next('authenticated');
    return socket;
  }
}
