import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from '@parlour/protocol/paging';
import type { Session } from '@parlour/protocol/sessions';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CaddyServer, hasCaddy } from './caddy-server.ts';
import { Cluster } from './cluster.ts';
import { hasNginx, NginxServer } from './nginx-server.ts';
import { hasPostgres } from './postgres-server.ts';
import { skipsRabbitmq } from './rabbitmq-server.ts';
import { TestSocket, UpgradeRefused } from './test-socket.ts';
import { testPassword, Visitor } from './visitor.ts';

const isMissing = process.env['CI'] !== 'true' && (!hasPostgres || skipsRabbitmq || !hasNginx || !hasCaddy);
const balancers = { nginx: NginxServer, Caddy: CaddyServer };
type Name = keyof typeof balancers;
const names = Object.keys(balancers) as Name[];

type Front = {
  origin: string;
  ada: Visitor;
  /** Through a balancer of its own, in front of the node that no test stops. */
  silent: TestSocket;
  stop(): Promise<unknown>;
};

describe.skipIf(isMissing)('two nodes behind a load balancer, as it is shipped', () => {
  let cluster: Cluster;
  let fronts: Record<Name, Front>;
  let lobby: string;
  let silentSince: number;

  beforeAll(async () => {
    cluster = await Cluster.start(2, { PARLOUR_TRUSTED_PROXIES: '127.0.0.1' });
    const grace = await cluster.signUp('Grace');
    lobby = (await grace.createRoom('Lobby')).id;
    const [nginx, Caddy] = await Promise.all(names.map((name) => putInFront(name, grace)));
    if (nginx === undefined || Caddy === undefined) throw new Error('there are two of them');
    fronts = { nginx, Caddy };
    silentSince = performance.now();
  });
  afterAll(async () => {
    await Promise.all(Object.values(fronts).map((front) => front.stop()));
    await cluster.stop();
  });

  async function putInFront(name: Name, grace: Visitor): Promise<Front> {
    const [front, quiet] = await Promise.all([
      balancers[name].start(cluster.nodes.map(({ port }) => port)),
      balancers[name].start([cluster.nodes[1]?.port ?? 0]),
    ]);
    const ada = new Visitor(front.origin);
    await ada.signUp(`Ada ${name}`);
    await ada.join(lobby);
    const listening = new Visitor(quiet.origin);
    await listening.signIn(grace.account.email);
    const silent = await listening.connect();
    await silent.join(lobby);
    return { origin: front.origin, ada, silent, stop: () => Promise.all([front.stop(), quiet.stop()]) };
  }

  const firstNode = () => {
    const [first] = cluster.nodes;
    if (first === undefined) throw new Error('there is no node');
    return first;
  };

  test.each(names)(
    'B3: through %s an upgrade passes with its subprotocol and its origin as they came',
    async (name) => {
      const { ada, origin } = fronts[name];
      const own = await TestSocket.open(origin, await ada.ticket(), { headers: { origin: 'http://house.example' } });
      expect(own.protocol).toBe('parlour.v1');
      await own.cut();
      const foreign = TestSocket.open(origin, await ada.ticket(), { headers: { origin: 'http://evil.example' } });
      await expect(foreign).rejects.toMatchObject({ status: 403 });
      await expect(TestSocket.open(origin, undefined)).rejects.toBeInstanceOf(UpgradeRefused);
    },
  );

  test.each(names)('who comes through %s counts with the own address, and cannot claim another', async (name) => {
    const { ada, origin } = fronts[name];
    const body = JSON.stringify({ email: ada.account.email, password: testPassword });
    const headers = {
      'content-type': 'application/json',
      'content-length': String(body.length),
      'x-forwarded-for': '203.0.113.7',
    };
    // From an address that no node trusts, so that what it claims counts for nothing.
    const signingIn = request(`${origin}/api/auth/sign-in/email`, {
      method: 'POST',
      localAddress: '127.0.0.2',
      headers,
    });
    signingIn.end(body);
    const [answer] = await once(signingIn, 'response');
    answer.resume();
    expect(answer.statusCode).toBe(200);
    const { items } = (await ada.request<Page<Session>>('GET', '/api/account/sessions')).body;
    expect(items.map(({ address }) => address).sort()).toEqual(['127.0.0.1', '127.0.0.2']);
  });

  test.each(names)('bodies that a node takes pass %s, and what is too large is refused by the node', async (name) => {
    const { ada } = fronts[name];
    const post = (size: number) =>
      ada.request<{ code: string }>('POST', '/api/posts', { title: 'Long', body: 'x'.repeat(size) });
    expect((await post(1_000_000)).body.code).toBe('invalid_field');
    // Again and again: a node that closed after its answer would count as broken, and be passed over.
    for (let i = 0; i < 20; i += 1) {
      const { status, headers } = await post(1_500_000);
      expect(status).toBe(413);
      expect(headers.get('content-type')).toBe('application/problem+json');
    }
  });

  test.each(names)('I4: %s goes around a node that is killed, without an error to anybody', async (name) => {
    const { ada } = fronts[name];
    await firstNode().server.kill();
    for (let i = 0; i < 10; i += 1) {
      expect((await ada.request('GET', '/health/ready')).status).toBe(200);
      expect((await ada.post(lobby, `killed-${name}-${i}`, 'Still there')).seq).toBeGreaterThan(0);
      await (await ada.connect()).cut();
    }
    await cluster.restart(firstNode());
  });

  test('P-CLOSE-5, P-HTTP-13: a node that stops says so while it still answers requests', async () => {
    const first = firstNode();
    const { ada } = fronts.nginx;
    const direct = new Visitor(first.origin);
    await direct.signIn(ada.account.email);
    const socket = await direct.connect();
    const ticket = await direct.ticket();
    const restarted = cluster.restart(first);
    expect((await socket.closed).code).toBe(1012);
    // All at once: its port stays open for two seconds.
    const [ready, live, opened, sent] = await Promise.all([
      direct.request('GET', '/health/ready'),
      direct.request('GET', '/health/live'),
      TestSocket.open(first.origin, ticket).catch((error: unknown) => error),
      direct.post(lobby, 'while-stopping', 'Still here'),
    ]);
    expect(ready).toMatchObject({
      status: 503,
      body: { status: 'unavailable', reason: 'This node is stopping.' },
    });
    expect(live.status).toBe(200);
    expect(opened).toBeInstanceOf(UpgradeRefused);
    expect(opened).toMatchObject({ status: 503 });
    expect(sent.seq).toBeGreaterThan(0);
    expect(await restarted).toBe(0);
  });

  test('no request through either fails while a node is restarted', async () => {
    let isOver = false;
    const ask = async (name: Name) => {
      for (let i = 0; !isOver; i += 1) {
        await fronts[name].ada.post(lobby, `restarting-${name}-${i}`, 'Still there');
        await fronts[name].ada.createRoom(`${name} ${i}`);
        await fronts[name].ada.rooms();
      }
    };
    const restarting = cluster.restart(firstNode()).finally(() => {
      isOver = true;
    });
    await Promise.all([...names.map(ask), restarting]);
    expect(await restarting).toBe(0);
  });

  test('I4: what reaches a node just before it gives its port up is answered, also what nginx may not send twice', async () => {
    const first = firstNode();
    // One that has not seen a node go yet.
    const nginx = await NginxServer.start(cluster.nodes.map(({ port }) => port));
    const ada = new Visitor(nginx.origin);
    await ada.signIn(fronts.nginx.ada.account.email);
    const restarted = cluster.restart(first);
    while ((await fetch(`${first.origin}/health/ready`)).status !== 503);
    // It stands still until the time has come, so that whoever is sent there waits at its port.
    process.kill(first.server.pid, 'SIGSTOP');
    const made = Promise.all(Array.from({ length: 20 }, (_, i) => ada.createRoom(`Just in time ${i}`)));
    await wait(2_500);
    process.kill(first.server.pid, 'SIGCONT');
    expect(await made).toHaveLength(20);
    expect(await restarted).toBe(0);
    await nginx.stop();
  });

  /** A node that says 503, and answers no POST, stands before one that is well. Gives what it was asked for. */
  const besideRefusing = async (name: Name, ask: (origin: string) => Promise<unknown>) => {
    const asked: string[] = [];
    const refusing = await startRefusing(asked);
    const ports = [(refusing.address() as AddressInfo).port, cluster.nodes[1]?.port ?? 0];
    const balancer = await balancers[name].start(ports);
    await ask(balancer.origin).finally(() => balancer.stop());
    refusing.close();
    return asked;
  };

  test('nginx goes around a node that answers 503 to sockets and at /health/ready', async () => {
    const { ada } = fronts.nginx;
    // A fresh nginx asks the first of them first.
    const forSocket = await besideRefusing('nginx', async (origin) =>
      (await TestSocket.open(origin, await ada.ticket())).cut(),
    );
    const forHealth = await besideRefusing('nginx', async (origin) =>
      expect((await fetch(`${origin}/health/ready`)).status).toBe(200),
    );
    expect([forSocket, forHealth]).toEqual([['/api/socket'], ['/health/ready']]);
  });

  test('I3: nginx asks another node for a message that the first one took and never answered', async () => {
    const { ada } = fronts.nginx;
    const front = ada.origin;
    const asked = await besideRefusing('nginx', async (origin) => {
      ada.moveTo(origin);
      const sent = ada.post(lobby, 'lost-once', 'Still there').finally(() => ada.moveTo(front));
      expect((await sent).seq).toBeGreaterThan(0);
    });
    expect(asked).toEqual([`/api/rooms/${lobby}/messages`]);
  });

  test('Caddy asks each node each second whether it is ready, and goes around the one that is not', async () => {
    const { ada } = fronts.Caddy;
    const asked = await besideRefusing('Caddy', async (origin) => {
      const isRefused = async () => (await fetch(`${origin}/health/ready`)).status === 503;
      // It may come before the first answer; twice in a row by chance, ten times hardly.
      for (let well = 0; well < 10; ) well = (await isRefused()) ? 0 : well + 1;
      for (let i = 0; i < 10; i += 1) await (await TestSocket.open(origin, await ada.ticket())).cut();
    });
    expect(asked).toContain('/health/ready');
    expect(asked).not.toContain('/api/socket');
  });

  test('a socket that says nothing for more than a minute stays', async () => {
    await wait(Math.max(0, silentSince + 65_000 - performance.now()));
    for (const { silent } of Object.values(fronts)) {
      silent.send({ type: 'leave', room: lobby });
      await silent.next('left');
      await silent.cut();
    }
  });
});

async function startRefusing(asked: string[]): Promise<Server> {
  const server = createServer(({ method, url }, response) => {
    asked.push(url ?? '');
    // As a node that ends before it has answered.
    if (method === 'POST') response.destroy();
    else response.writeHead(503).end();
  });
  server.on('upgrade', ({ url }, socket) => {
    asked.push(url ?? '');
    socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
