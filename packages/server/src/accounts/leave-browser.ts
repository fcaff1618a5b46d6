import type { Context } from 'hono';
import type { AppEnv } from '../http/http-app.ts';
import type { SessionCookie } from './session-cookie.ts';

/**
 * Makes the browser forget the person who leaves: the cookie, and what pages keep in its storage. Preferences are cookies
 * and stay. The cache is left out: nothing personal may be stored there, and browsers take seconds to empty it.
 */
export function leaveBrowser(c: Context<AppEnv>, cookie: SessionCookie): void {
  c.header('set-cookie', cookie.clear());
  c.header('clear-site-data', '"storage"');
}
