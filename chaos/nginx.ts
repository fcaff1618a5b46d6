import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const program = '/usr/sbin/nginx';
export const hasNginx = existsSync(program);

/** What tells a client which node it got, so that the checker knows whom to blame. */
export const nodeHeader = 'x-node';

/** An nginx of its own that hands each request to the next node, without remembering whom it sent where. */
export async function startNginx(port: number, nodes: readonly number[]): Promise<{ stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'parlour-nginx-'));
  mkdirSync(join(folder, 'temp'));
  const settings = join(folder, 'nginx.conf');
  writeFileSync(settings, writeSettings(port, nodes));
  const command = [program, '-p', folder, '-c', settings, '-e', join(folder, 'error.log')];
  const child = spawn('setpriv', ['--pdeathsig=TERM', '--', ...command], { stdio: 'ignore', cwd: '/' });
  const ended = once(child, 'exit');
  while (!(await accepts(port))) {
    if (child.exitCode !== null) throw new Error(`nginx did not start on port ${port}`);
    await delay(20);
  }
  return {
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function writeSettings(port: number, nodes: readonly number[]): string {
  const servers = nodes.map((node) => `server 127.0.0.1:${node} max_fails=1 fail_timeout=2s;`).join(' ');
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path temp/${name};`);
  return `
daemon off; master_process off; pid nginx.pid; error_log error.log warn;
events { worker_connections 8192; }
http {
  access_log off;
  ${folders.join(' ')}
  map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
  upstream parlour { ${servers} keepalive 64; }
  server {
    listen 127.0.0.1:${port} backlog=1024;
    add_header ${nodeHeader} $upstream_addr always;
    proxy_http_version 1.1;
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection $connection_upgrade;
    proxy_connect_timeout 2s;
    proxy_next_upstream error timeout http_503;
    location / { proxy_pass http://parlour; proxy_read_timeout 10s; }
    # Without harm asked for twice, so a node that is in trouble is passed over at once.
    location ~ ^/api/(sockets/tickets|auth/token)$ {
      proxy_pass http://parlour; proxy_read_timeout 3s;
      proxy_next_upstream error timeout http_503 non_idempotent;
    }
    location = /api/socket { proxy_pass http://parlour; proxy_read_timeout 60s; }
  }
}
`;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
