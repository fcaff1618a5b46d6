import type { Account, Ticket } from '@parlour/protocol/accounts';
import type { RoomEvent } from '@parlour/protocol/events';
import type { Page } from '@parlour/protocol/paging';
import type { Room } from '@parlour/protocol/rooms';
import { type OpenOptions, TestSocket } from './test-socket.ts';

export type Answer<Body> = { status: number; headers: Headers; body: Body };

export const testPassword = 'correct horse battery';

/** One browser: it keeps its cookies, and speaks to the server over the network. */
export class Visitor {
  readonly #cookies = new Map<string, string>();
  #origin: string;
  #account: Account | undefined;

  readonly #issued: Set<string>;

  /** `issued` collects every secret that the server gives out, for the check that none of them is logged. */
  constructor(origin: string, issued = new Set<string>()) {
    this.#issued = issued;
    this.#origin = origin;
  }

  get origin(): string {
    return this.#origin;
  }

  /** The server is at another address now; the browser keeps its cookies. */
  moveTo(origin: string): void {
    this.#origin = origin;
  }

  get cookie(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** The signed-in person. */
  get account(): Account {
    if (this.#account === undefined) throw new Error('this visitor has not signed in');
    return this.#account;
  }

  get id(): string {
    return this.account.id;
  }

  async request<Body = never>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<Body>> {
    const response = await fetch(new URL(path, this.origin), {
      method,
      redirect: 'manual',
      headers: {
        ...(this.#cookies.size > 0 ? { cookie: this.cookie } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    for (const cookie of response.headers.getSetCookie()) this.#keep(cookie);
    const text = await response.text();
    const isJson = /json(;|$)/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as Body };
  }

  /** Keeps a cookie of the house that came by another way than `request`. */
  take(cookie: string): void {
    this.#keep(cookie);
  }

  /** Finds out who is signed in, after a login that went another way. */
  async know(): Promise<Account> {
    this.#account = await this.#must<Account>('GET', '/api/account');
    return this.#account;
  }

  async signUp(name: string, more: Record<string, string> = {}): Promise<void> {
    const email = `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '.')}@example.org`;
    await this.#must('POST', '/api/auth/sign-up/email', { name, email, password: testPassword, ...more });
    this.#account = await this.#must<Account>('GET', '/api/account');
  }

  async signIn(email: string, password = testPassword): Promise<void> {
    await this.#must('POST', '/api/auth/sign-in/email', { email, password });
    this.#account = await this.#must<Account>('GET', '/api/account');
  }

  async signOut(): Promise<void> {
    await this.#must('POST', '/api/auth/sign-out', {});
  }

  /** A second browser of the same person, with a login of its own. */
  async elsewhere(): Promise<Visitor> {
    const other = new Visitor(this.origin, this.#issued);
    await other.signIn(this.account.email);
    return other;
  }

  async rooms(): Promise<Room[]> {
    return (await this.#must<Page<Room>>('GET', '/api/rooms')).items;
  }

  async createRoom(name: string, isPrivate = false): Promise<Room> {
    return await this.#must<Room>('POST', '/api/rooms', { name, private: isPrivate });
  }

  async join(room: string): Promise<void> {
    await this.#must('POST', `/api/rooms/${room}/join`, {});
  }

  async leave(room: string): Promise<void> {
    await this.#must('POST', `/api/rooms/${room}/leave`, {});
  }

  /** Puts somebody into a room that this person looks after. */
  async add(room: string, who: Visitor): Promise<void> {
    await this.#must('POST', `/api/rooms/${room}/members`, { user: who.id });
  }

  async remove(room: string, who: Visitor): Promise<void> {
    await this.#must('DELETE', `/api/rooms/${room}/members/${who.id}`);
  }

  async post(room: string, id: string, body: string): Promise<{ seq: number; at: string }> {
    return await this.#must('POST', `/api/rooms/${room}/messages`, { id, body });
  }

  async history(room: string, query = ''): Promise<Page<RoomEvent, number>> {
    return await this.#must('GET', `/api/rooms/${room}/messages${query}`);
  }

  async ticket(): Promise<string> {
    return this.#note((await this.#must<Ticket>('POST', '/api/sockets/tickets', {})).ticket);
  }

  async token(): Promise<string> {
    return this.#note((await this.#must<{ token: string }>('GET', '/api/auth/token')).token);
  }

  /** A socket that has not authenticated. */
  async open(options: OpenOptions = {}): Promise<TestSocket> {
    return await TestSocket.open(this.origin, await this.ticket(), options);
  }

  /** A socket that is ready. */
  async connect(options: OpenOptions = {}): Promise<TestSocket> {
    const [socket, token] = await Promise.all([this.open(options), this.token()]);
    socket.send({ type: 'authenticate', token });
    await socket.next('authenticated');
    return socket;
  }

  async #must<Body = unknown>(method: string, path: string, body?: unknown): Promise<Body> {
    const answer = await this.request<Body>(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  #note(secret: string): string {
    this.#issued.add(secret);
    return secret;
  }

  #keep(cookie: string): void {
    const [pair = ''] = cookie.split(';', 1);
    const [name = '', value = ''] = pair.split('=', 2);
    if (value === '' || /max-age=0/i.test(cookie)) this.#cookies.delete(name);
    else {
      this.#cookies.set(name, value);
      if (value.length > 20) this.#issued.add(value);
    }
  }
}
