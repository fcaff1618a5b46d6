import { createHash, randomBytes } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import type { AppEnv } from './http-app.ts';

type Directives = Record<string, readonly string[]>;

// What neither pages nor answers ever need: nothing may frame them, move their base or embed a plug-in.
const closed: Directives = {
  'default-src': ["'none'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
  'object-src': ["'none'"],
};

const offFeatures = [
  'accelerometer',
  'browsing-topics',
  'camera',
  'display-capture',
  'encrypted-media',
  'gamepad',
  'geolocation',
  'gyroscope',
  'hid',
  'idle-detection',
  'local-fonts',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'screen-wake-lock',
  'serial',
  'usb',
  'xr-spatial-tracking',
];
const ownFeatures = ['clipboard-write', 'publickey-credentials-create', 'publickey-credentials-get'];

const headers: Record<string, string> = {
  'content-security-policy': toPolicy(closed),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': [
    ...offFeatures.map((name) => `${name}=()`),
    ...ownFeatures.map((name) => `${name}=(self)`),
  ].join(', '),
  // The address of an invite is a secret.
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** Two years, as the lists of browsers ask for. Other hosts of the domain are not this house's to decide about. */
const httpsOnly = 'max-age=63072000';

/** Puts the headers on every answer, whatever it is; a policy that an answer brought along stays. */
export function securityHeaders({ secure }: { secure: boolean }): MiddlewareHandler<AppEnv> {
  const all = Object.entries(secure ? { ...headers, 'strict-transport-security': httpsOnly } : headers);
  return async (c, next) => {
    await next();
    // Into the answer itself: `c.header` makes a new answer for each header of one that is finished.
    const { headers } = c.res;
    for (const [name, value] of all) {
      if (name !== 'content-security-policy' || !headers.has(name)) headers.set(name, value);
    }
  };
}

/** 128 random bits, for one page. */
export function newNonce(): string {
  return randomBytes(16).toString('base64url');
}

type PagePolicy = {
  nonce: string;
  /** The house's own origins with ws(s), which some browsers do not take for `'self'`. */
  sockets: readonly string[];
};

/** What a page of the application may do: run the scripts that came with it, and talk to this house. */
export function pagePolicy({ nonce, sockets }: PagePolicy): string {
  const own = ["'self'"];
  const marked = ["'self'", `'nonce-${nonce}'`];
  return toPolicy({
    ...closed,
    'script-src': marked,
    'style-src': marked,
    'connect-src': [...own, ...sockets],
    'font-src': own,
    'img-src': own,
    'manifest-src': own,
    'form-action': own,
    'require-trusted-types-for': ["'script'"],
    'trusted-types': ['vue'],
  });
}

/** What a plain page may do: show itself in this style. */
export function styleOnlyPolicy(style: string): string {
  return toPolicy({ ...closed, 'style-src': [`'sha256-${createHash('sha256').update(style).digest('base64')}'`] });
}

function toPolicy(directives: Directives): string {
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources.join(' ')}`)
    .join('; ');
}
