import { describe, expect, it } from 'vitest';
import { PasswordHash } from './password-hash.ts';
import { WorkQueue } from './work-queue.ts';

describe('the hash of a password', () => {
  const passwords = new PasswordHash();

  it('knows its password, however its letters are composed, and no other', async () => {
    const hash = await passwords.hash('café au lait');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(await passwords.verify('cafe\u0301 au lait', hash)).toBe(true);
    expect(await passwords.verify('cafe au lait', hash)).toBe(false);
    expect(await passwords.hash('café au lait')).not.toBe(hash);
  });

  it('reads what other Argon2id programs wrote, with its own cost', async () => {
    // From the tests of the reference implementation.
    const hash = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    expect(await passwords.verify('password', hash)).toBe(true);
    expect(await passwords.verify('Password', hash)).toBe(false);
  });

  it('knows no password by a hash that is damaged or of another kind', async () => {
    const tag = 'CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    const others = [
      '',
      'password',
      `$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$${tag}`,
      '$2b$10$abcdefghijklmnopqrstuv',
    ];
    for (const hash of others) expect(await passwords.verify('password', hash)).toBe(false);
  });

  it('is worked at two at a time; beyond a set queue people are told to come back (I9)', async () => {
    let running = 0;
    let most = 0;
    const ends: (() => void)[] = [];
    const queue = new WorkQueue(2, 3);
    const job = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise<void>((resolve) => ends.push(resolve));
      running -= 1;
    };
    const accepted = Array.from({ length: 5 }, () => queue.run(job));
    await expect(queue.run(job)).rejects.toMatchObject({ code: 'busy', status: 503, retryAfter: 3 });
    while (ends.length > 0) {
      ends.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(accepted);
    expect(most).toBe(2);
    const after = queue.run(job);
    await new Promise((resolve) => setImmediate(resolve));
    ends.shift()?.();
    await after;
  });

  it('gives its turn on when a job fails', async () => {
    const queue = new WorkQueue(1, 1);
    const failing = queue.run(() => Promise.reject(new Error('no memory')));
    const next = queue.run(async () => 'done');
    await expect(failing).rejects.toThrow('no memory');
    expect(await next).toBe('done');
  });
});
