import type { IncomingMessage } from 'node:http';
import { Hono } from 'hono';
import type { Caller } from '../accounts/caller.ts';

export type AppEnv = {
  Bindings: {
    /** The request as Node received it; absent where the application is called in-process. */
    incoming?: IncomingMessage;
    /** Whom an in-process call is made for, where that is known. */
    clientAddress?: string;
  };
  Variables: {
    /** Who makes the request, undefined when nobody is signed in. */
    caller: Caller | undefined;
    /** Looks again who that is; absent where nobody is looked up. */
    findCallerAgain?: () => Promise<void>;
    requestId: string;
    /** The network address that limits are counted by; empty where there is none. */
    clientAddress: string;
  };
};

export function newRoutes(): Hono<AppEnv> {
  return new Hono<AppEnv>();
}
