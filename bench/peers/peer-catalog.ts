import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { fileURLToPath } from 'node:url';
import { findVersions } from '../report/versions.ts';
import { startNativePeer } from './native-peer.ts';
import { nchanFiles } from './nchan-files.ts';
import { startNodePeer } from './node-peer.ts';
import type { PeerName } from './peer-name.ts';
import type { PeerServer } from './peer-server.ts';

export type Peer = {
  /** How tables name it: also what it leaves out of what Parlour does. */
  title: string;
  /** What must be there for it to run. */
  needs?: string;
  version(): Record<string, string>;
  start(): Promise<PeerServer>;
};

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const bun = here(`../node_modules/@oven/bun-${platform()}-${arch() === 'arm64' ? 'aarch64' : arch()}/bin/bun`);
const natsServer = '/usr/sbin/nats-server';
const nginx = '/usr/sbin/nginx';
const nchanModule = '/usr/lib/nginx/modules/ngx_nchan_module.so';
const socketsAtMost = 20_000;

const ask = (program: string, ...args: string[]) =>
  execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();

/** Debian's; a machine without its packages has measured all the same. */
const packageVersion = (name: string) => {
  try {
    return ask('dpkg-query', '-W', name).split('\t')[1] ?? 'unknown';
  } catch {
    return 'unknown';
  }
};
const natsConfig = (port: number) =>
  `host: 127.0.0.1, port: -1, max_connections: ${socketsAtMost}
websocket { host: 127.0.0.1, port: ${port}, no_tls: true, compression: false }
`;

/** Every server that is measured, as one would run it. */
export const peers: Readonly<Record<PeerName, Peer>> = {
  bun: {
    title: 'Bun, bare: no accounts, keeps nothing',
    needs: bun,
    version: () => ({ Bun: ask(bun, '--version') }),
    start: () => startNativePeer({ program: bun, args: (port) => [here('bun-peer.mjs'), String(port)] }),
  },
  'plain-ws': {
    title: 'plain ws: no accounts, no rooms, keeps nothing',
    version: () => findVersions('ws'),
    start: () => startNodePeer('plain-ws'),
  },
  nats: {
    title: 'NATS: no accounts, keeps nothing',
    needs: natsServer,
    version: () => ({ NATS: ask(natsServer, '--version').replace(/^.*v/, '') }),
    start: () =>
      startNativePeer({
        program: natsServer,
        args: (_port, folder) => ['-c', `${folder}/nats.conf`],
        files: (port) => ({ 'nats.conf': natsConfig(port) }),
      }),
  },
  nchan: {
    title: 'nchan: no accounts, keeps the last 10 in memory',
    needs: nchanModule,
    version: () => ({ nginx: packageVersion('nginx'), nchan: packageVersion('libnginx-mod-nchan') }),
    start: () =>
      startNativePeer({
        program: nginx,
        args: (_port, folder) => ['-p', folder, '-c', 'nginx.conf'],
        files: (port) => nchanFiles(port, nchanModule, socketsAtMost),
      }),
  },
  'socket-io': {
    title: 'Socket.IO: no accounts, keeps nothing',
    version: () => findVersions('socket.io'),
    start: () => startNodePeer('socket-io'),
  },
  parlour: {
    title: 'Parlour: authenticated, authorised, durable, ordered',
    version: () => ({}),
    start: () => startNodePeer('parlour'),
  },
};

/** Whether this machine has what the peer needs. */
export function isInstalled(name: PeerName): boolean {
  const { needs } = peers[name];
  return needs === undefined || existsSync(needs);
}
