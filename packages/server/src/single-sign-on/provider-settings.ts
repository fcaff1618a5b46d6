import * as v from 'valibot';

/** An OpenID provider as the settings name it. */
export type ProviderSettings = {
  /** In lower case: it stands in addresses and in the table of identities. */
  id: string;
  /** What the button says. */
  name: string;
  issuer: string;
  clientId: string;
  clientSecret: string;
  scopes: string;
};

type Environment = Readonly<Record<string, string | undefined>>;
type Field = { schema: v.GenericSchema<string, string>; must: string; isSecret?: true };

const shape = /^PARLOUR_OIDC_([A-Z0-9]{1,20})_([A-Z_]+)$/;
const text = (maximum: number) => v.pipe(v.string(), v.regex(/^[^\p{Cc}]*$/u), v.maxLength(maximum));

const fields = {
  ISSUER: {
    schema: v.pipe(v.string(), v.check(isIssuer)),
    must: 'the issuer as the provider writes it, such as https://login.example.org: https, or http on this machine',
  },
  CLIENT_ID: { schema: text(500), must: 'the client id that the provider gave' },
  CLIENT_SECRET: { schema: text(1_000), must: 'the client secret that the provider gave', isSecret: true },
  CLIENT_SECRET_FILE: { schema: text(4_000), must: 'a file with the client secret' },
  NAME: { schema: text(40), must: 'what the button says, in at most 40 characters' },
  SCOPES: {
    schema: v.pipe(
      text(500),
      v.check((scopes) => scopes.split(/\s+/).includes('openid')),
    ),
    must: 'scopes separated by spaces, openid among them',
  },
} satisfies Record<string, Field>;

type FieldName = keyof typeof fields;

export function isProviderSetting(name: string): boolean {
  return Object.hasOwn(fields, shape.exec(name)?.[2] ?? '');
}

/** Every provider that the settings name, in the order of their ids. Adds a line to `faults` for each fault. */
export function readProviders(
  environment: Environment,
  faults: string[],
  readText: (file: string) => string,
): ProviderSettings[] {
  const ids = new Set(
    Object.keys(environment)
      .filter((name) => isProviderSetting(name) && environment[name]?.trim())
      .map((name) => shape.exec(name)?.[1] ?? ''),
  );
  return [...ids].sort().map((id) => readProvider(id, environment, faults, readText));
}

function readProvider(
  id: string,
  environment: Environment,
  faults: string[],
  readText: (file: string) => string,
): ProviderSettings {
  const read = (field: FieldName): string | undefined => {
    const name = `PARLOUR_OIDC_${id}_${field}`;
    const value = environment[name]?.trim() || undefined;
    const { schema, must, isSecret }: Field = fields[field];
    if (value === undefined || v.is(schema, value)) return value;
    faults.push(`${name} must be ${must}${isSecret ? '' : `; it is “${value}”`}.`);
    return undefined;
  };
  const need = (field: FieldName): string => {
    const name = `PARLOUR_OIDC_${id}_${field}`;
    if (!environment[name]?.trim()) faults.push(`${name} is missing: it must be ${fields[field].must}.`);
    return read(field) ?? '';
  };
  return {
    id: id.toLowerCase(),
    name: read('NAME') ?? id.charAt(0) + id.slice(1).toLowerCase(),
    issuer: need('ISSUER'),
    clientId: need('CLIENT_ID'),
    clientSecret: readSecret(id, read, faults, readText),
    scopes: read('SCOPES') ?? 'openid email profile',
  };
}

// No message repeats the secret, nor what a file holds.
function readSecret(
  id: string,
  read: (field: FieldName) => string | undefined,
  faults: string[],
  readText: (file: string) => string,
): string {
  const [name, fileName] = [`PARLOUR_OIDC_${id}_CLIENT_SECRET`, `PARLOUR_OIDC_${id}_CLIENT_SECRET_FILE`];
  const count = faults.length;
  const [secret, file] = [read('CLIENT_SECRET'), read('CLIENT_SECRET_FILE')];
  if (faults.length > count) return '';
  if ((secret === undefined) === (file === undefined)) {
    faults.push(`Of ${name} and ${fileName}, one must be set.`);
    return '';
  }
  if (file === undefined) return secret ?? '';
  try {
    const kept = readText(file).trim();
    if (kept === '') faults.push(`${fileName}: ${file} is empty.`);
    return kept;
  } catch (cause) {
    faults.push(`${fileName}: ${file} cannot be read (${(cause as NodeJS.ErrnoException).code}).`);
    return '';
  }
}

function isIssuer(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname, search, hash, username, password } = new URL(value);
  if (search !== '' || hash !== '' || username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname));
}
