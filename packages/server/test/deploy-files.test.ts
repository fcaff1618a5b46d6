import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseYAML } from 'confbox/yaml';
import { expect, test } from 'vitest';
import { readConfig } from '../src/config.ts';
import { root } from './source-files.ts';

type Service = {
  environment?: Record<string, string>;
  networks?: Record<string, { ipv4_address: string } | null>;
  volumes?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: object;
  stop_grace_period?: string;
};
type Compose = { services: Record<string, Service>; volumes: Record<string, null>; networks: Record<string, object> };

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const compose = parseYAML<Compose>(read('docker-compose.yml'));
const { services } = compose;
const nodes = Object.entries(services).filter(([name]) => name.startsWith('node-'));
const given = 'a'.repeat(64);
/** As Compose fills in what `.env` gives. */
const fill = (text: string) =>
  text.replaceAll(/\$\{(\w+):(?:\?[^}]*|-([^}]*))\}/g, (_, name: string, fallback?: string) =>
    name === 'PUBLIC_URL' ? 'http://localhost:8080' : (fallback ?? given),
  );
const addressOf = (service: Service | undefined) => service?.networks?.['house']?.ipv4_address;

test('docker-compose.yml gives each of three nodes good settings, the same to all', () => {
  expect(nodes).toHaveLength(3);
  for (const [, { environment = {}, stop_grace_period: grace, depends_on: needs = {} }] of nodes) {
    const settings = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, fill(value)]));
    const config = readConfig(settings);
    expect(config).toMatchObject({ databaseUrl: `postgres://parlour:${given}@postgres/parlour`, secret: given });
    expect(config.trustedProxies).toEqual([addressOf(services['nginx'])]);
    expect(environment).toEqual(nodes[0]?.[1].environment);
    expect(grace).toBe('25s');
    for (const [need, { condition }] of Object.entries(needs)) {
      expect(condition).toBe('service_healthy');
      expect(services[need]).toHaveProperty('healthcheck');
    }
  }
});

test('docker-compose.yml names only files, volumes and networks that are there', () => {
  for (const { volumes = [], networks = {} } of Object.values(services)) {
    for (const volume of volumes) {
      const [source = ''] = volume.split(':');
      expect(source.startsWith('./') ? existsSync(join(root, source)) : source in compose.volumes).toBe(true);
    }
    expect(Object.keys(networks)).toEqual(['house']);
  }
  expect(Object.keys(compose.networks)).toEqual(['house']);
});

test('nginx and Caddy send to the nodes of docker-compose.yml', () => {
  const addresses = nodes.map(([, service]) => `${addressOf(service)}:3000`);
  const nginx = Array.from(read('deploy/nginx.conf').matchAll(/^\s*server (\S+:\d+)\b/gm), ([, address]) => address);
  expect(nginx).toEqual(addresses);
  expect(read('deploy/Caddyfile')).toContain(`reverse_proxy ${addresses.join(' ')} {`);
});

test('the Dockerfile starts what is there, and takes no secrets or data along', () => {
  const dockerfile = read('Dockerfile');
  for (const [, path = ''] of dockerfile.matchAll(/"?node"?,? "?(bin\/\S+?\.ts)/g))
    expect(existsSync(join(root, path))).toBe(true);
  const [, needed = ''] = /neededNode = (\d+)/.exec(read('bin/install.mjs')) ?? [];
  expect(dockerfile.match(/^FROM (\S+)/gm)).toEqual([`FROM node:${needed}-slim`, `FROM node:${needed}-slim`]);
  expect(read('bin/start.ts')).toContain("'node_modules', '.cache', 'compile'");
  expect(dockerfile).toMatch(/chown node:node .*node_modules\/\.cache\/compile$/m);
  const ignored = read('.dockerignore').split('\n');
  for (const path of ['.env', '.env.*', 'data', '**/node_modules', '.git']) expect(ignored).toContain(path);
});
