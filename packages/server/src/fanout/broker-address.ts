import type { Options } from 'amqplib';

const tls = 5671;
const plain = 5672;

/** Where a broker is, and how to log in there. Credentials are in it: logs get `place` and what went through `hide`. */
export class BrokerAddress {
  /** Host and port. */
  readonly place: string;
  readonly vhost: string;
  readonly connect: Options.Connect;
  readonly #secrets: string[];

  /** Throws where it is no amqp: or amqps: address. */
  constructor(url: string) {
    const parsed = URL.parse(url);
    if (parsed === null || !/^amqps?:$/.test(parsed.protocol) || parsed.hostname === '')
      throw new Error('The address of a broker begins with amqp:// or amqps:// and names a host.');
    const { protocol, hostname, pathname } = parsed;
    const port = Number(parsed.port) || (protocol === 'amqps:' ? tls : plain);
    const hasLogin = parsed.username !== '' || parsed.password !== '';
    const login = hasLogin ? [parsed.username, parsed.password].map(decode) : ['guest', 'guest'];
    const [username = '', password = ''] = login;
    this.vhost = pathname.slice(1) || '/';
    this.place = `${hostname}:${port}`;
    this.connect = {
      protocol: protocol.slice(0, -1),
      hostname: hostname.replace(/^\[|\]$/g, ''),
      port,
      vhost: this.vhost,
      username,
      password,
    };
    this.#secrets = hasLogin ? [url, password, parsed.password, username, parsed.username].filter(Boolean) : [];
  }

  /** A text of the library or the broker without the credentials: brokers name the user whom they refuse. */
  hide(text: string): string {
    return this.#secrets.reduce((hidden, secret) => hidden.replaceAll(secret, '…'), text);
  }
}

/** A stray percent sign stands for itself. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
