import { randomUUID } from 'node:crypto';
import type { Account } from '@parlour/protocol/accounts';
import type { CreatedInvite } from '@parlour/protocol/invites';
import type { Post } from '@parlour/protocol/posts';
import type { Room } from '@parlour/protocol/rooms';
import { type APIResponse, type BrowserContext, expect, type Page } from '@playwright/test';

export const password = 'correct horse battery';

/** Somebody with a browser of their own, signed in through the API. */
export class Person {
  readonly account: Account;
  readonly context: BrowserContext;
  readonly page: Page;

  private constructor(account: Account, context: BrowserContext, page: Page) {
    this.account = account;
    this.context = context;
    this.page = page;
  }

  static async signUp(context: BrowserContext, name: string, extra: Record<string, string> = {}): Promise<Person> {
    const email = `${name.replace(/\W+/g, '-').toLowerCase()}-${randomUUID().slice(0, 8)}@example.org`;
    const details = { name, email, password, ...extra };
    await read(await context.request.post('/api/auth/sign-up/email', { data: details }));
    const account = await read<Account>(await context.request.get('/api/account'));
    return new Person(account, context, await context.newPage());
  }

  /** The same person with a login of its own in another browser. */
  static async signInAgain(context: BrowserContext, { account }: Person): Promise<Person> {
    await read(await context.request.post('/api/auth/sign-in/email', { data: { email: account.email, password } }));
    return new Person(account, context, await context.newPage());
  }

  /** Opens a page and waits until it takes clicks. */
  async visit(path: string, page = this.page): Promise<void> {
    await page.goto(path);
    await settle(page);
  }

  /** Asks the API as this person; throws where it refuses. */
  async ask<T = unknown>(method: string, path: string, data?: unknown): Promise<T> {
    return read<T>(await this.tryTo(method, path, data));
  }

  tryTo(method: string, path: string, data?: unknown): Promise<APIResponse> {
    return this.context.request.fetch(path, { method, ...(data === undefined ? {} : { data }) });
  }

  createRoom(name: string, options: { private?: boolean } = {}): Promise<Room> {
    return this.ask<Room>('POST', '/api/rooms', { name, ...options });
  }

  join(room: Room): Promise<unknown> {
    return this.ask('POST', `/api/rooms/${room.id}/join`);
  }

  invite(room: Room): Promise<CreatedInvite> {
    return this.ask<CreatedInvite>('POST', `/api/rooms/${room.id}/invites`, {});
  }

  say(room: Room, body: string): Promise<unknown> {
    return this.ask('POST', `/api/rooms/${room.id}/messages`, { id: randomUUID(), body });
  }

  write(title: string, body: string): Promise<Post> {
    return this.ask<Post>('POST', '/api/posts', { title, body });
  }
}

/** Waits until the page that the server sent has become the application, and hears of what happens elsewhere. */
export async function settle(page: Page): Promise<void> {
  await expect.poll(() => page.evaluate(isAlive).catch(isGone)).toBe(true);
}

type Application = {
  isHydrating?: boolean;
  payload: { state: Record<string, unknown> };
  $client: { state: { name: string } };
};

function isAlive(): boolean {
  const nuxt = (window as unknown as { useNuxtApp?: () => Application }).useNuxtApp?.();
  if (nuxt?.isHydrating !== false) return false;
  const isSignedIn = nuxt.payload.state['$saccount'] != null;
  return !isSignedIn || nuxt.$client.state.name === 'ready';
}

/** The page may be on its way to the next one just now. */
function isGone(error: Error): boolean {
  if (/Execution context was destroyed/.test(error.message)) return false;
  throw error;
}

/** Through the form, as somebody who has just come. */
export async function signIn(page: Page, email: string, word = password): Promise<void> {
  const submit = page.getByRole('button', { name: 'Sign in', exact: true });
  // A page that is being left may have a form with such fields too.
  const form = page.locator('form', { has: submit });
  await form.getByLabel('Email').fill(email);
  await form.getByLabel('Password').fill(word);
  await submit.click();
}

async function read<T>(response: APIResponse): Promise<T> {
  if (!response.ok()) throw new Error(`${response.status()} from ${response.url()}: ${await response.text()}`);
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}
