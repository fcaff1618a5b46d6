import { email as emailSchema } from '@parlour/protocol/accounts';
import * as v from 'valibot';
import { issueConsoleLink } from './accounts/issue-console-link.ts';
import { OneTimeSecrets } from './accounts/one-time-secrets.ts';
import { systemClock } from './clock.ts';
import { ConfigError, type Environment, readConfig } from './config.ts';
import { visitDatabase } from './database/visit-database.ts';
import { StartError } from './start-error.ts';

/** What a command says, and the exit code of the process. */
export type CommandResult = { code: number; lines: string[] };

const usage = [
  'npm run parlour -- <command>',
  '',
  '  reset-link <email>   makes a link that sets this person’s password, once, within a day',
  '  check-config         says what is wrong with the settings, and starts nothing',
];

/** What the machine's own shell may do to a house, whether it runs or not. */
export async function runCommand(args: readonly string[], environment: Environment): Promise<CommandResult> {
  const [command, ...rest] = args;
  try {
    if (command === 'check-config' && rest.length === 0) return checkConfig(environment);
    if (command === 'reset-link' && rest.length === 1) return await makeResetLink(rest[0] ?? '', environment);
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
