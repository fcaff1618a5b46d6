import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deriveSecrets, openSecrets, readKeptSecret } from './secrets.ts';
import { StartError } from './start-error.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parlour-secrets-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the secrets of a house (fault 21)', () => {
  it('are made at the first start, readable by their owner only, and are the same afterwards', () => {
    const secrets = openSecrets({ secret: undefined, dataFolder: folder });
    expect(openSecrets({ secret: undefined, dataFolder: folder })).toEqual(secrets);
    expect(readdirSync(folder)).toEqual(['secret']);
    expect(statSync(join(folder, 'secret')).mode & 0o777).toBe(0o600);
    chmodSync(join(folder, 'secret'), 0o644);
    expect(openSecrets({ secret: undefined, dataFolder: folder })).toEqual(secrets);
    expect(statSync(join(folder, 'secret')).mode & 0o777).toBe(0o600);
  });

  it('are another house’s in no part, and long enough', () => {
    const [ours, theirs] = [deriveSecrets(Buffer.alloc(32, 1)), deriveSecrets(Buffer.alloc(32, 2))];
    expect(ours.tokenSeed).toHaveLength(32);
    expect(ours.claimCode).toMatch(/^([A-HJKMNP-TV-Z0-9]{4}-){3}[A-HJKMNP-TV-Z0-9]{4}$/);
    expect(ours.tokenSeed).not.toEqual(theirs.tokenSeed);
    expect(ours.claimCode).not.toBe(theirs.claimCode);
  });

  it('that are damaged stop the start in one line, and are not replaced', () => {
    openSecrets({ secret: undefined, dataFolder: folder });
    writeFileSync(join(folder, 'secret'), 'short');
    expect(() => openSecrets({ secret: undefined, dataFolder: folder })).toThrow(StartError);
    expect(readFileSync(join(folder, 'secret'), 'utf8')).toBe('short');
    expect(() => openSecrets({ secret: undefined, dataFolder: join(folder, 'nowhere') })).toThrow(StartError);
  });

  it('are the same where PARLOUR_SECRET is what the file of a data folder holds', () => {
    const secrets = openSecrets({ secret: undefined, dataFolder: folder });
    const { text, house } = readKeptSecret(folder);
    expect(text).toBe(readFileSync(join(folder, 'secret'), 'utf8').trim());
    expect(openSecrets({ secret: text, dataFolder: '/nowhere' })).toEqual(secrets);
    expect(readKeptSecret(folder)).toEqual({ text, house });
    expect(text).not.toContain(house);
    // Any other text stands for its own bytes, even one that could be decoded.
    for (const other of [`${text}A`, text.slice(1), '32 or more characters of any other kind'])
      expect(openSecrets({ secret: other, dataFolder: '/nowhere' })).toEqual(deriveSecrets(Buffer.from(other)));
    expect(() => readKeptSecret(join(folder, 'none'))).toThrow(StartError);
  });
});
