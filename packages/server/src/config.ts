import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import * as v from 'valibot';
import { readSmtpUrl, type SmtpSettings } from './mail/smtp-settings.ts';
import { isProviderSetting, type ProviderSettings, readProviders } from './single-sign-on/provider-settings.ts';

export type SignUpMode = 'open' | 'invite' | 'closed';

export type Config = {
  port: number;
  host: string;
  /** The origin that people reach this house at; undefined when it is only this machine's loopback. */
  publicOrigin: string | undefined;
  origins: readonly string[];
  dataFolder: string;
  /** PostgreSQL, and the broker of a house of several nodes; undefined where the data folder holds everything. */
  databaseUrl: string | undefined;
  brokerUrl: string | undefined;
  /** What all secrets derive from; undefined where the data folder keeps one of its own. */
  secret: string | undefined;
  name: string;
  signUp: SignUpMode;
  /** Seconds. */
  ticketTtl: number;
  tokenTtl: number;
  handshakeTimeout: number;
  rateLimits: boolean;
  /** Addresses and networks whose `X-Forwarded-For` is believed. */
  trustedProxies: readonly string[];
  /** OpenID providers to sign in at. */
  providers: readonly ProviderSettings[];
  /** Undefined where this house sends no mail. */
  mail: MailSettings | undefined;
};
export type MailSettings = { server: SmtpSettings; from: string; requireTls: boolean };

export type Environment = Readonly<Record<string, string | undefined>>;

/** What is wrong with the settings, one line a fault. */
export class ConfigError extends Error {
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'ConfigError';
    this.lines = lines;
  }
}

const wholeNumber = (minimum: number, maximum: number) =>
  v.pipe(v.string(), v.regex(/^\d{1,6}$/), v.transform(Number), v.minValue(minimum), v.maxValue(maximum));
const seconds = wholeNumber(1, 900);
const list = v.pipe(
  v.string(),
  v.transform((text) => text.split(/[\s,]+/).filter((entry) => entry !== '')),
);
const origin = v.pipe(v.string(), v.transform(toOrigin), v.string());

function urlOf(protocols: readonly string[]) {
  return v.pipe(
    v.string(),
    v.check(
      (text) => URL.canParse(text) && protocols.includes(new URL(text).protocol) && new URL(text).hostname !== '',
    ),
  );
}

type Setting = {
  schema: v.GenericSchema<string, unknown>;
  fallback: string | undefined;
  must: string;
  /** Holds a password, so that no message repeats it. */
  isSecret?: boolean;
};

const settings = {
  PORT: { schema: wholeNumber(0, 65_535), fallback: '3000', must: 'a port number from 0 to 65535' },
  HOST: {
    schema: v.pipe(v.string(), v.regex(/^[A-Za-z0-9.:_-]+$/)),
    fallback: '127.0.0.1',
    must: 'an address or name',
  },
  PUBLIC_URL: {
    schema: origin,
    fallback: undefined,
    must: 'the address that people open, such as https://chat.example.org, without a path',
  },
  PARLOUR_ORIGINS: {
    schema: v.pipe(list, v.array(origin)),
    fallback: '',
    must: 'a list of origins, such as https://app.example.org, separated by commas',
  },
  PARLOUR_DATA: { schema: v.pipe(v.string(), v.minLength(1)), fallback: './data', must: 'a folder' },
  DATABASE_URL: {
    schema: urlOf(['postgres:', 'postgresql:']),
    fallback: undefined,
    must: 'like postgres://user:password@db.example.org/parlour, with other characters percent-encoded',
    isSecret: true,
  },
  BROKER_URL: {
    schema: urlOf(['amqp:', 'amqps:']),
    fallback: undefined,
    must: 'like amqp://user:password@broker.example.org, with other characters percent-encoded',
    isSecret: true,
  },
  PARLOUR_SECRET: {
    schema: v.pipe(v.string(), v.minLength(32), v.maxLength(1_000)),
    fallback: undefined,
    must: '32 to 1,000 random characters, the same for every node of a house',
    isSecret: true,
  },
  PARLOUR_NAME: {
    schema: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(60)),
    fallback: 'Parlour',
    must: 'a name of 1 to 60 characters',
  },
  PARLOUR_SIGN_UP: {
    schema: v.picklist(['open', 'invite', 'closed']),
    fallback: 'invite',
    must: 'open, invite or closed',
  },
  PARLOUR_TICKET_TTL: { schema: seconds, fallback: '30', must: 'a number of seconds from 1 to 900' },
  PARLOUR_TOKEN_TTL: { schema: wholeNumber(1, 3_600), fallback: '300', must: 'a number of seconds from 1 to 3600' },
  PARLOUR_HANDSHAKE_TIMEOUT: { schema: seconds, fallback: '15', must: 'a number of seconds from 1 to 900' },
  PARLOUR_RATE_LIMITS: { schema: v.picklist(['on', 'off']), fallback: 'on', must: 'on or off' },
  PARLOUR_TRUSTED_PROXIES: {
    schema: v.pipe(list, v.array(v.pipe(v.string(), v.check(isNetwork)))),
    fallback: '',
    must: 'a list of addresses and networks, such as 10.0.0.0/8, separated by commas',
  },
  SMTP_URL: {
    schema: v.pipe(
      v.string(),
      v.transform(readSmtpUrl),
      v.custom<SmtpSettings>((server) => server !== undefined),
    ),
    fallback: undefined,
    must: 'like smtp://user:password@mail.example.org:587 or smtps://…, with other characters percent-encoded',
    isSecret: true,
  },
  SMTP_FROM: {
    schema: v.pipe(v.string(), v.maxLength(254), v.email()),
    fallback: undefined,
    must: 'the address that mails are sent from, such as chat@example.org',
  },
  SMTP_TLS: { schema: v.picklist(['required', 'off']), fallback: 'required', must: 'required or off' },
} satisfies Record<string, Setting>;

type SettingName = keyof typeof settings;

/** The environment over a `.env` file in this folder, where there is one. */
export function readEnvironment(folder = process.cwd(), environment: Environment = process.env): Environment {
  const file = resolve(folder, '.env');
  try {
    return { ...parseEnv(readFileSync(file, 'utf8')), ...environment };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return environment;
    throw new ConfigError([`${file} cannot be read: ${(cause as Error).message}.`]);
  }
}

/** Every setting with its default. Throws ConfigError, which names every fault at once. */
export function readConfig(environment: Environment): Config {
  const faults = findUnknown(environment);
  const read = <Name extends SettingName>(name: Name): v.InferOutput<(typeof settings)[Name]['schema']> | undefined => {
    const { schema, fallback, must, isSecret = false }: Setting = settings[name];
    // An empty value is one that a person meant to leave out.
    const text = environment[name]?.trim() || fallback;
    if (text === undefined) return undefined;
    const result = v.safeParse(schema, text);
    if (!result.success) faults.push(`${name} must be ${must}${isSecret ? '' : `; it is “${text}”`}.`);
    return result.output as v.InferOutput<(typeof settings)[Name]['schema']>;
  };
  const config = {
    port: read('PORT'),
    host: read('HOST'),
    publicOrigin: read('PUBLIC_URL'),
    origins: read('PARLOUR_ORIGINS'),
    dataFolder: read('PARLOUR_DATA'),
    databaseUrl: read('DATABASE_URL'),
    brokerUrl: read('BROKER_URL'),
    secret: read('PARLOUR_SECRET'),
    name: read('PARLOUR_NAME'),
    signUp: read('PARLOUR_SIGN_UP'),
    ticketTtl: read('PARLOUR_TICKET_TTL'),
    tokenTtl: read('PARLOUR_TOKEN_TTL'),
    handshakeTimeout: read('PARLOUR_HANDSHAKE_TIMEOUT'),
    rateLimits: read('PARLOUR_RATE_LIMITS') === 'on',
    trustedProxies: read('PARLOUR_TRUSTED_PROXIES'),
    providers: readProviders(environment, faults, (file) => readFileSync(file, 'utf8')),
    mail: readMail(environment, read('SMTP_URL'), read('SMTP_FROM'), read('SMTP_TLS') === 'required', faults),
  };
  requireTogether(environment, faults);
  if (faults.length > 0) throw new ConfigError(faults);
  return { ...(config as Config), dataFolder: resolve((config as Config).dataFolder) };
}

function readMail(
  environment: Environment,
  server: SmtpSettings | undefined,
  from: string | undefined,
  requireTls: boolean,
  faults: string[],
): MailSettings | undefined {
  const [first, second] = ['SMTP_URL', 'SMTP_FROM'].map((name) => Boolean(environment[name]?.trim()));
  if (first !== second) faults.push('SMTP_URL and SMTP_FROM go together: set both, or neither.');
  return server === undefined || from === undefined ? undefined : { server, from, requireTls };
}

/** What several nodes must agree on cannot come from the folder or the port of one of them. */
function requireTogether(environment: Environment, faults: string[]): void {
  const isSet = (name: SettingName) => Boolean(environment[name]?.trim());
  if (isSet('BROKER_URL') && !isSet('DATABASE_URL'))
    faults.push('BROKER_URL needs DATABASE_URL: several nodes share one PostgreSQL database.');
  if (!isSet('DATABASE_URL')) {
    if (isSet('PARLOUR_SECRET'))
      faults.push('PARLOUR_SECRET goes with DATABASE_URL: without it, the data folder keeps a secret of its own.');
    return;
  }
  if (!isSet('PARLOUR_SECRET')) faults.push('DATABASE_URL needs PARLOUR_SECRET: 32 or more random characters.');
  if (!isSet('PUBLIC_URL')) faults.push('DATABASE_URL needs PUBLIC_URL: the address that people open.');
}

function findUnknown(environment: Environment): string[] {
  const faults: string[] = [];
  for (const name of Object.keys(environment).sort()) {
    if (name.startsWith('PARLOUR_') && !isKnown(name)) {
      faults.push(`${name} is not a setting of Parlour.`);
    }
  }
  return faults;
}

function isKnown(name: string): boolean {
  return Object.hasOwn(settings, name) || isProviderSetting(name);
}

function toOrigin(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { origin, protocol, pathname, search, hash, username, password } = new URL(text);
  const isBare = pathname === '/' && search === '' && hash === '' && username === '' && password === '';
  return isBare && /^https?:$/.test(protocol) ? origin : undefined;
}

function isNetwork(text: string): boolean {
  const [address = '', prefix, ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 6 ? 128 : 32));
}
