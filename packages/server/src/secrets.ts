import { hkdfSync, randomBytes } from 'node:crypto';
import { chmodSync, closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from './config.ts';
import { StartError } from './start-error.ts';

const secretBytes = 32;

/** Everything secret, derived from the one secret of this house. */
export type Secrets = {
  /** 32 bytes that the keys for signing tokens are derived from. */
  tokenSeed: Uint8Array;
  /** Makes whoever knows it the owner, once. */
  claimCode: string;
  /** 32 bytes that sign what a browser shows to be known. */
  browserKey: Uint8Array;
  /** 32 bytes that encrypt what has to be stored and read again. */
  sealingKey: Uint8Array;
};

/**
 * Derives everything from the secret of the settings, which several nodes share, or from the one in the data folder,
 * where the first start keeps a new one, readable by its owner only. Throws StartError.
 */
export function openSecrets({ secret, dataFolder }: Pick<Config, 'secret' | 'dataFolder'>): Secrets {
  return secret === undefined ? openKept(dataFolder) : deriveSecrets(readGiven(secret));
}

/**
 * What stands in the file of a data folder means the same as PARLOUR_SECRET: so a house that moves to PostgreSQL keeps its
 * signing keys and can read what it has sealed. Any other text stands for its own bytes.
 */
function readGiven(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.length === secretBytes && bytes.toString('base64url') === text ? bytes : Buffer.from(text);
}

export type KeptSecret = {
  /** As PARLOUR_SECRET takes it. */
  text: string;
  /** Tells this house from every other, and nothing of the secret. */
  house: string;
};

/** The secret that the data folder has kept since the house was first started. Throws StartError. */
export function readKeptSecret(folder: string): KeptSecret {
  const file = join(folder, 'secret');
  const secret = readSecret(file);
  if (secret === undefined) throw new StartError(`There is no house in ${folder}: its secret ${file} is not there.`);
  const house = Buffer.from(hkdfSync('sha256', secret, new Uint8Array(), 'parlour house', 16)).toString('hex');
  return { text: Buffer.from(secret).toString('base64url'), house };
}

function openKept(folder: string): Secrets {
  const file = join(folder, 'secret');
  try {
    const secret = readSecret(file) ?? keepNewSecret(file);
    return deriveSecrets(secret);
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw new StartError(`The secret ${file} cannot be read or made: ${(error as Error).message}.`, error);
  }
}

export function deriveSecrets(secret: Uint8Array): Secrets {
  const derive = (purpose: string, length: number) =>
    new Uint8Array(hkdfSync('sha256', secret, new Uint8Array(), `parlour ${purpose}`, length));
  return {
    tokenSeed: derive('token', 32),
    claimCode: toClaimCode(derive('claim', 16)),
    browserKey: derive('browser', 32),
    sealingKey: derive('seal', 32),
  };
}

function readSecret(file: string): Uint8Array | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  chmodSync(file, 0o600);
  const secret = Buffer.from(text.trim(), 'base64url');
  if (secret.length < secretBytes) throw new StartError(`${file} is damaged: put it back from a backup, or remove it.`);
  return secret;
}

// Renamed into place, so that a start that dies half-way leaves no half a secret.
function keepNewSecret(file: string): Uint8Array {
  const secret = randomBytes(secretBytes);
  const draft = `${file}.new`;
  const fd = openSync(draft, 'w', 0o600);
  try {
    writeSync(fd, `${secret.toString('base64url')}\n`);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  chmodSync(draft, 0o600);
  renameSync(draft, file);
  return secret;
}

// 80 bits in letters and digits that nobody confuses, so that it can be typed as well as clicked.
const claimAlphabet = 'ABCDEFGHJKMNPQRSTVWXYZ0123456789';

function toClaimCode(random: Uint8Array): string {
  const letters = Array.from(random, (byte) => claimAlphabet[byte % claimAlphabet.length]).join('');
  return letters.match(/.{4}/g)?.join('-') ?? letters;
}
