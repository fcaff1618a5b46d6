import { BlockList, isIP } from 'node:net';
import type { MiddlewareHandler } from 'hono';
import { newId } from '../ids.ts';
import type { AppEnv } from './http-app.ts';

/** Gives every request its id and its network address, and keeps the API's answers out of caches. */
export function requestContext(trustedProxies: readonly string[]): MiddlewareHandler<AppEnv> {
  const findAddress = createFindAddress(trustedProxies);
  return async (c, next) => {
    const requestId = newId();
    c.set('requestId', requestId);
    const peer = c.env?.incoming?.socket.remoteAddress;
    const forwarded = c.req.header('x-forwarded-for');
    c.set('clientAddress', peer === undefined ? (c.env?.clientAddress ?? '') : findAddress(peer, forwarded));
    c.set('caller', undefined);
    await next();
    const { headers } = c.res;
    headers.set('x-request-id', requestId);
    if (!headers.has('cache-control') && c.req.path.startsWith('/api/')) headers.set('cache-control', 'no-store');
  };
}

export function toBlockList(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', prefix] = entry.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    list.addSubnet(address, prefix === undefined ? (family === 'ipv6' ? 128 : 32) : Number(prefix), family);
  }
  return list;
}

/** Finds the network address of whoever sent a request, by its peer and its `X-Forwarded-For`. */
export function createFindAddress(trustedProxies: readonly string[]): (peer: string, forwarded?: string) => string {
  if (trustedProxies.length === 0) return plain;
  const proxies = toBlockList(trustedProxies);
  return (peer, forwarded = '') => {
    const chain = forwarded.split(',').map((entry) => entry.trim());
    let address = plain(peer);
    // The header is a claim of whoever sends it: each entry counts only while the one that vouches for it is trusted.
    while (isTrusted(address, proxies)) {
      const before = plain(chain.pop() ?? '');
      if (isIP(before) === 0) break;
      address = before;
    }
    return address;
  };
}

function isTrusted(address: string, proxies: BlockList): boolean {
  const family = isIP(address);
  return family !== 0 && proxies.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/** An IPv4 address that arrives over an IPv6 socket is the same address. */
function plain(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice('::ffff:'.length) : address;
}
