import { BlockList, isIP } from 'node:net';

/** Where mails are handed in, and by whom. */
export type SmtpSettings = {
  host: string;
  port: number;
  /** TLS from the first byte on (`smtps:`). */
  secure: boolean;
  user: string | undefined;
  password: string | undefined;
};

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Reads `smtp://user:password@host:port`; undefined when it is none. */
export function readSmtpUrl(text: string): SmtpSettings | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, port, username, password, pathname, search, hash } = new URL(text);
  const isBare = (pathname === '' || pathname === '/') && search === '' && hash === '';
  if (!/^smtps?:$/.test(protocol) || hostname === '' || !isBare || (username === '') !== (password === '')) {
    return undefined;
  }
  const secure = protocol === 'smtps:';
  try {
    return {
      // As an IPv6 address stands in a URL.
      host: hostname.replace(/^\[(.*)\]$/, '$1'),
      port: port === '' ? (secure ? 465 : 587) : Number(port),
      secure,
      user: decodeURIComponent(username) || undefined,
      password: decodeURIComponent(password) || undefined,
    };
  } catch {
    return undefined;
  }
}

/** Whether what goes to this host never leaves the machine. */
export function isLoopback(host: string): boolean {
  const family = isIP(host);
  if (family === 0) return host === 'localhost';
  return loopback.check(host, family === 6 ? 'ipv6' : 'ipv4');
}
