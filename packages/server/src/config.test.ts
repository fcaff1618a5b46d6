import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, type Environment, readConfig, readEnvironment } from './config.ts';

const faults = (environment: Environment): readonly string[] => {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.lines;
    throw error;
  }
  return [];
};

describe('the settings', () => {
  it('have defaults', () => {
    expect(readConfig({ HOME: '/root', PARLOUR_SIGN_UP: '' })).toEqual({
      port: 3000,
      host: '127.0.0.1',
      publicOrigin: undefined,
      origins: [],
      dataFolder: resolve('data'),
      name: 'Parlour',
      signUp: 'invite',
      ticketTtl: 30,
      tokenTtl: 300,
      handshakeTimeout: 15,
      rateLimits: true,
      trustedProxies: [],
      providers: [],
      mail: undefined,
    });
  });

  it('are read from the environment', () => {
    const environment = {
      PORT: '0',
      HOST: '0.0.0.0',
      PUBLIC_URL: 'https://Chat.Example.org:443/',
      PARLOUR_ORIGINS: 'https://a.example, http://localhost:5173',
      PARLOUR_DATA: '/var/lib/parlour',
      PARLOUR_NAME: ' The Difference Engine ',
      PARLOUR_SIGN_UP: 'open',
      PARLOUR_TICKET_TTL: '900',
      PARLOUR_TOKEN_TTL: '60',
      PARLOUR_HANDSHAKE_TIMEOUT: '5',
      PARLOUR_RATE_LIMITS: 'off',
      PARLOUR_TRUSTED_PROXIES: '127.0.0.1,10.0.0.0/8 ::1',
      SMTP_URL: 'smtp://house:p%40ss@mail.example.org',
      SMTP_FROM: 'chat@example.org',
      SMTP_TLS: 'off',
      PARLOUR_OIDC_OKTA_ISSUER: 'https://example.okta.com',
      PARLOUR_OIDC_OKTA_CLIENT_ID: 'house',
      PARLOUR_OIDC_OKTA_CLIENT_SECRET: 'hush',
    };
    expect(readConfig(environment)).toEqual({
      port: 0,
      host: '0.0.0.0',
      publicOrigin: 'https://chat.example.org',
      origins: ['https://a.example', 'http://localhost:5173'],
      dataFolder: '/var/lib/parlour',
      name: 'The Difference Engine',
      signUp: 'open',
      ticketTtl: 900,
      tokenTtl: 60,
      handshakeTimeout: 5,
      rateLimits: false,
      trustedProxies: ['127.0.0.1', '10.0.0.0/8', '::1'],
      providers: [
        {
          id: 'okta',
          name: 'Okta',
          issuer: 'https://example.okta.com',
          clientId: 'house',
          clientSecret: 'hush',
          scopes: 'openid email profile',
        },
      ],
      mail: {
        server: { host: 'mail.example.org', port: 587, secure: false, user: 'house', password: 'p@ss' },
        from: 'chat@example.org',
        requireTls: false,
      },
    });
  });

  it('that are wrong stop the start, a clear line each and all at once', () => {
    const lines = faults({
      PORT: 'high',
      PARLOUR_SIGN_UP: 'maybe',
      PARLOUR_TIKET_TTL: '3',
      DATABASE_URL: 'mysql://ada:secret@x',
    });
    expect(lines).toEqual([
      'PARLOUR_TIKET_TTL is not a setting of Parlour.',
      'PORT must be a port number from 0 to 65535; it is “high”.',
      'DATABASE_URL must be like postgres://user:password@db.example.org/parlour, with other characters percent-encoded.',
      'PARLOUR_SIGN_UP must be open, invite or closed; it is “maybe”.',
      'DATABASE_URL needs PARLOUR_SECRET: 32 or more random characters.',
      'DATABASE_URL needs PUBLIC_URL: the address that people open.',
    ]);
  });

  it.each([
    ['PORT', ['-1', '65536', '3e3', '0x10']],
    ['HOST', ['a b', 'http://x']],
    [
      'PUBLIC_URL',
      [
        'chat.example.org',
        'https://x.example/chat',
        'ftp://x.example',
        'https://u:p@x.example',
        'https://x.example/?a',
      ],
    ],
    ['PARLOUR_ORIGINS', ['*', 'https://a.example/path', 'https://a.example,b']],
    ['PARLOUR_TICKET_TTL', ['0', '901', '1.5']],
    ['PARLOUR_TOKEN_TTL', ['0', '3601']],
    ['PARLOUR_HANDSHAKE_TIMEOUT', ['0', '15s']],
    ['PARLOUR_RATE_LIMITS', ['yes', 'OFF']],
    ['PARLOUR_TRUSTED_PROXIES', ['proxy', '10.0.0.0/33', '10.0.0.0/8/8', '::/129']],
    ['BROKER_URL', ['amqp://x']],
    ['SMTP_TLS', ['no', 'starttls']],
  ])('refuse what %s cannot be', (name, values) => {
    for (const value of values) expect(faults({ [name]: value })).toEqual([expect.stringContaining(name)]);
  });

  it('for mail go together, and no message repeats the password', () => {
    const SMTP_FROM = 'chat@example.org';
    const SMTP_URL = 'smtps://house:hunter2@[::1]';
    expect(readConfig({ SMTP_URL, SMTP_FROM }).mail).toEqual({
      server: { host: '::1', port: 465, secure: true, user: 'house', password: 'hunter2' },
      from: SMTP_FROM,
      requireTls: true,
    });
    const wrong = [
      { SMTP_URL },
      { SMTP_FROM },
      { SMTP_URL, SMTP_FROM: 'The house <chat@example.org>' },
      { SMTP_URL, SMTP_FROM: 'chat@example.org\r\nBcc: eve@example.org' },
      ...['http', 'smtp+tls'].map((scheme) => ({ SMTP_FROM, SMTP_URL: `${scheme}://house:hunter2@mail.example.org` })),
      ...['', ':99999', '/path', '?pool=true'].map((end) => ({
        SMTP_FROM,
        SMTP_URL: `smtp://house:hunter2@${end === '' ? '' : `mail.example.org${end}`}`,
      })),
      { SMTP_FROM, SMTP_URL: 'smtp://house:hunter2%@mail.example.org' },
      { SMTP_FROM, SMTP_URL: 'smtp://house@mail.example.org' },
    ];
    for (const environment of wrong) {
      const lines = faults(environment);
      expect(lines).toEqual([expect.stringMatching(/SMTP_/)]);
      expect(lines[0]).not.toContain('hunter2');
    }
  });

  it('for sign-in providers name any number of them, the secret in a file where one likes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'parlour-config-'));
    const file = join(folder, 'secret');
    writeFileSync(file, 'hush\n');
    const environment = {
      PARLOUR_OIDC_WORK_ISSUER: 'http://localhost:8080/realms/work',
      PARLOUR_OIDC_WORK_CLIENT_ID: 'house',
      PARLOUR_OIDC_WORK_CLIENT_SECRET_FILE: file,
      PARLOUR_OIDC_WORK_NAME: 'The works',
      PARLOUR_OIDC_WORK_SCOPES: 'openid email',
      PARLOUR_OIDC_CLUB_ISSUER: 'https://club.example',
      PARLOUR_OIDC_CLUB_CLIENT_ID: 'house',
      PARLOUR_OIDC_CLUB_CLIENT_SECRET: 'hush too',
      // As if it were not there.
      PARLOUR_OIDC_NONE_ISSUER: '',
    };
    expect(readConfig(environment).providers).toMatchObject([
      { id: 'club', name: 'Club', clientSecret: 'hush too', scopes: 'openid email profile' },
      { id: 'work', name: 'The works', clientSecret: 'hush', scopes: 'openid email' },
    ]);
    rmSync(folder, { recursive: true });
  });

  it('for sign-in providers that are wrong are named, and no line repeats a secret', () => {
    const lines = faults({
      PARLOUR_OIDC_A_ISSUER: 'http://login.example',
      PARLOUR_OIDC_A_CLIENT_SECRET: 'hush',
      PARLOUR_OIDC_A_CLIENT_SECRET_FILE: '/nowhere',
      PARLOUR_OIDC_A_SCOPES: 'email',
      PARLOUR_OIDC_B_CLIENT_ID: 'house',
      PARLOUR_OIDC_B_CLIENT_SECRET: `hush${'!'.repeat(1_000)}`,
      PARLOUR_OIDC_C_ISSUER: 'https://login.example/?a=b',
      PARLOUR_OIDC_C_CLIENT_ID: 'house',
      PARLOUR_OIDC_C_CLIENT_SECRET_FILE: '/nowhere',
      PARLOUR_OIDC_A_SECRET: 'hush',
      PARLOUR_OIDC_ISSUER: 'https://login.example',
      PARLOUR_OIDC_a_ISSUER: 'https://login.example',
    });
    expect(lines.map((line) => line.replace(/ (must|is|cannot|are).*/, ''))).toEqual([
      'PARLOUR_OIDC_A_SECRET',
      'PARLOUR_OIDC_ISSUER',
      'PARLOUR_OIDC_a_ISSUER',
      'PARLOUR_OIDC_A_ISSUER',
      'PARLOUR_OIDC_A_CLIENT_ID',
      'Of PARLOUR_OIDC_A_CLIENT_SECRET and PARLOUR_OIDC_A_CLIENT_SECRET_FILE, one',
      'PARLOUR_OIDC_A_SCOPES',
      'PARLOUR_OIDC_B_ISSUER',
      'PARLOUR_OIDC_B_CLIENT_SECRET',
      'PARLOUR_OIDC_C_ISSUER',
      'PARLOUR_OIDC_C_CLIENT_SECRET_FILE: /nowhere',
    ]);
    expect(lines.join()).not.toContain('hush');
  });

  it('come from .env too, and the environment goes first', () => {
    const folder = mkdtempSync(join(tmpdir(), 'parlour-config-'));
    try {
      expect(readEnvironment(folder, { PORT: '1' })).toEqual({ PORT: '1' });
      writeFileSync(join(folder, '.env'), 'PORT=2\n# a comment\nPARLOUR_NAME="The Lobby"\n');
      expect(readEnvironment(folder, { PORT: '1' })).toEqual({ PORT: '1', PARLOUR_NAME: 'The Lobby' });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
