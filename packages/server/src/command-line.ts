import { email as emailSchema } from '@parlour/protocol/accounts';
import * as v from 'valibot';
import { issueConsoleLink } from './accounts/issue-console-link.ts';
import { OneTimeSecrets } from './accounts/one-time-secrets.ts';
import { systemClock } from './clock.ts';
import { ConfigError, type Environment, readConfig } from './config.ts';
import { moveHouse } from './database/move/move-house.ts';
import { visitDatabase } from './database/visit-database.ts';
import { readKeptSecret } from './secrets.ts';
import { StartError } from './start-error.ts';

/** What a command says, and the exit code of the process. */
export type CommandResult = { code: number; lines: string[] };

const usage = [
  'npm run parlour -- <command>',
  '',
  '  reset-link <email>   makes a link that sets this person’s password, once, within a day',
  '  check-config         says what is wrong with the settings, and starts nothing',
  '  migrate-to-postgres  moves the house of PARLOUR_DATA to DATABASE_URL, and compares every row',
];

/** What the machine's own shell may do to a house. `say` tells how far a command is that takes long. */
export async function runCommand(
  args: readonly string[],
  environment: Environment,
  say: (line: string) => void = () => undefined,
): Promise<CommandResult> {
  const [command, ...rest] = args;
  try {
    if (command === 'check-config' && rest.length === 0) return checkConfig(environment);
    if (command === 'reset-link' && rest.length === 1) return await makeResetLink(rest[0] ?? '', environment);
    if (command === 'migrate-to-postgres' && rest.length === 0) return await migrateToPostgres(environment, say);
    return { code: command === undefined || command === 'help' ? 0 : 2, lines: usage };
  } catch (error) {
    if (!(error instanceof ConfigError) && !(error instanceof StartError)) throw error;
    return { code: 1, lines: error.message.split('\n') };
  }
}

function checkConfig(environment: Environment): CommandResult {
  const { host, port, publicOrigin, dataFolder, databaseUrl, brokerUrl, mail } = readConfig(environment);
  return {
    code: 0,
    lines: [
      'The settings are good.',
      `Address: ${publicOrigin ?? `http://localhost:${port}`}, listening on ${host}, port ${port}`,
      `Data: ${databaseUrl === undefined ? dataFolder : describeUrl(databaseUrl)}`,
      ...(brokerUrl === undefined ? [] : [`Broker: ${describeUrl(brokerUrl)}`]),
      `Mail: ${mail === undefined ? 'none' : `from ${mail.from}, by ${mail.server.host}, port ${mail.server.port}`}`,
    ],
  };
}

/** Without its password. */
function describeUrl(text: string): string {
  const { protocol, host, pathname } = new URL(text);
  return `${protocol}//${host}${pathname}`;
}

async function makeResetLink(given: string, environment: Environment): Promise<CommandResult> {
  const config = readConfig(environment);
  const email = v.safeParse(emailSchema, given);
  if (!email.success) return { code: 1, lines: [`“${given}” is not an email address.`] };
  const origin = config.publicOrigin ?? `http://localhost:${config.port}`;
  const db = await visitDatabase({ url: config.databaseUrl, folder: config.dataFolder });
  try {
    const secrets = new OneTimeSecrets(db.kysely, systemClock);
    const deps = { db, clock: systemClock, secrets, origin: () => origin };
    const made = await issueConsoleLink(deps, email.output).catch((fault: unknown) => {
      throw cannotUse(config.dataFolder, fault);
    });
    if (typeof made === 'string') return { code: 1, lines: [made] };
    const until = new Date(made.expiresAt).toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short' });
    return {
      code: 0,
      lines: [`Whoever opens this link sets a new password for ${made.name}, once, until ${until}:`, made.url],
    };
  } finally {
    await db.close();
  }
}

// A damaged file, one of another program, a full disk: whoever is up at night for it needs a line and no stack.
function cannotUse(folder: string, fault: unknown): StartError {
  const { message, cause } = fault as { message?: string; cause?: { message?: string } };
  return new StartError(`The house in ${folder} cannot be read and written: ${cause?.message ?? message}.`, fault);
}

async function migrateToPostgres(environment: Environment, say: (line: string) => void): Promise<CommandResult> {
  const { DATABASE_URL: url, PARLOUR_DATA: folder, PUBLIC_URL: publicUrl, PARLOUR_SECRET: given } = environment;
  if (!url?.trim())
    return { code: 1, lines: ['DATABASE_URL must name the empty PostgreSQL database that the house moves to.'] };
  const { dataFolder } = readConfig({ PARLOUR_DATA: folder });
  const secret = readKeptSecret(dataFolder);
  if (given?.trim() && given.trim() !== secret.text)
    return {
      code: 1,
      lines: [
        'PARLOUR_SECRET is not the secret of this house. Leave it out, or set it to what the file `secret` holds.',
      ],
    };
  // What a server would need besides is not known yet: the secret is told at the end.
  const settings = { ...environment, PARLOUR_SECRET: secret.text, PUBLIC_URL: publicUrl?.trim() || 'http://localhost' };
  readConfig(settings);
  const from = performance.now();
  const moved = await moveHouse({ folder: dataFolder, url: url.trim(), house: secret.house, say });
  if (moved.differences.length > 0)
    return {
      code: 1,
      lines: [
        'The two sides are not the same:',
        ...moved.differences.map((difference) => `  ${difference}`),
        'Do not start Parlour on DATABASE_URL. Run the command again: it copies everything anew.',
      ],
    };
  const seconds = Math.ceil((performance.now() - from) / 1_000);
  return {
    code: 0,
    lines: [
      `The house is at DATABASE_URL: ${moved.tables} tables, ${moved.rows.toLocaleString('en')} rows copied in ${seconds} s, every row compared and the same.`,
      'Start every node with this secret, and everybody stays signed in. Keep it as safe as the database:',
      `PARLOUR_SECRET=${secret.text}`,
      `${dataFolder} is as it was. Keep it as a backup, and do not start Parlour on it again.`,
    ],
  };
}
