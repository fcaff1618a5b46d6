import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from '@parlour/protocol/paging';
import type { Session } from '@parlour/protocol/sessions';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Cluster } from './cluster.ts';
import { hasNginx, NginxServer } from './nginx-server.ts';
import { hasPostgres } from './postgres-server.ts';
import { skipsRabbitmq } from './rabbitmq-server.ts';
import { TestSocket, UpgradeRefused } from './test-socket.ts';
import { testPassword, Visitor } from './visitor.ts';

const isMissing = process.env['CI'] !== 'true' && (!hasPostgres || skipsRabbitmq || !hasNginx);

describe.skipIf(isMissing)('two nodes behind nginx, as it is shipped', () => {
  let cluster: Cluster;
  let nginx: NginxServer;
  let ada: Visitor;
  let grace: Visitor;
  let lobby: string;
  let quiet: NginxServer;
  let silent: TestSocket;
  let silentSince: number;

  beforeAll(async () => {
    cluster = await Cluster.start(2, { PARLOUR_TRUSTED_PROXIES: '127.0.0.1' });
    nginx = await NginxServer.start(cluster.nodes.map(({ port }) => port));
    [ada, grace] = [new Visitor(nginx.origin), new Visitor(nginx.origin)];
    await ada.signUp('Ada');
    await grace.signUp('Grace');
    lobby = (await ada.createRoom('Lobby')).id;
    await grace.join(lobby);
    // In front of the node that no test stops.
    quiet = await NginxServer.start([cluster.nodes[1]?.port ?? 0]);
    grace.moveTo(quiet.origin);
    silent = await grace.connect();
    await silent.join(lobby);
    silentSince = performance.now();
  });
  afterAll(async () => {
    await Promise.all([nginx.stop(), quiet.stop()]);
    await cluster.stop();
  });

  test('B3: an upgrade passes with its subprotocol and its origin as they came', async () => {
    const own = await TestSocket.open(nginx.origin, await ada.ticket(), {
      headers: { origin: 'http://house.example' },
    });
    expect(own.protocol).toBe('parlour.v1');
    await own.cut();
    const foreign = TestSocket.open(nginx.origin, await ada.ticket(), { headers: { origin: 'http://evil.example' } });
    await expect(foreign).rejects.toMatchObject({ status: 403 });
    await expect(TestSocket.open(nginx.origin, undefined)).rejects.toBeInstanceOf(UpgradeRefused);
  });

  test('who comes through it counts with the own address, and cannot claim another', async () => {
    const body = JSON.stringify({ email: ada.account.email, password: testPassword });
    const headers = {
      'content-type': 'application/json',
      'content-length': String(body.length),
      'x-forwarded-for': '203.0.113.7',
    };
    // From an address that no node trusts, so that what it claims counts for nothing.
    const signingIn = request(`${nginx.origin}/api/auth/sign-in/email`, {
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

  test('bodies that a node takes pass, and what is too large is refused by the node', async () => {
    const post = (size: number) =>
      ada.request<{ code: string }>('POST', '/api/posts', { title: 'Long', body: 'x'.repeat(size) });
    expect((await post(1_000_000)).body.code).toBe('invalid_field');
    const { status, headers } = await post(1_500_000);
    expect(status).toBe(413);
    expect(headers.get('content-type')).toBe('application/problem+json');
  });

  test('I4: a node that is killed is gone around, without an error to anybody', async () => {
    const [first] = cluster.nodes;
    if (first === undefined) throw new Error('there is no node');
    await first.server.kill();
    for (let i = 0; i < 10; i += 1) {
      expect((await ada.request('GET', '/health/ready')).status).toBe(200);
      expect((await ada.post(lobby, `killed-${i}`, 'Still there')).seq).toBeGreaterThan(0);
      await (await ada.connect()).cut();
    }
    await cluster.restart(first);
  });

  test('P-CLOSE-5, P-HTTP-13: a node that stops says so while it still answers requests', async () => {
    const [first] = cluster.nodes;
    if (first === undefined) throw new Error('there is no node');
    const direct = new Visitor(first.origin);
    await direct.signIn(ada.account.email);
    const socket = await direct.connect();
    const ticket = await direct.ticket();
    const restarted = cluster.restart(first);
    expect((await socket.closed).code).toBe(1012);
    expect(await direct.request('GET', '/health/ready')).toMatchObject({
      status: 503,
      body: { status: 'unavailable', reason: 'This node is stopping.' },
    });
    expect((await direct.request('GET', '/health/live')).status).toBe(200);
    await expect(TestSocket.open(first.origin, ticket)).rejects.toMatchObject({ status: 503 });
    expect((await direct.post(lobby, 'while-stopping', 'Still here')).seq).toBeGreaterThan(0);
    expect(await restarted).toBe(0);
  });

  test('a node that answers 503 to sockets and at /health/ready is gone around', async () => {
    const asked: string[] = [];
    const refusing = await startRefusing(asked);
    const ports = [(refusing.address() as AddressInfo).port, cluster.nodes[1]?.port ?? 0];
    // A fresh nginx asks the first of them first.
    const throughFresh = async (ask: (origin: string) => Promise<unknown>) => {
      const balancer = await NginxServer.start(ports);
      await ask(balancer.origin).finally(() => balancer.stop());
    };
    await throughFresh(async (origin) => (await TestSocket.open(origin, await ada.ticket())).cut());
    await throughFresh(async (origin) => expect((await fetch(`${origin}/health/ready`)).status).toBe(200));
    expect(asked).toEqual(['/api/socket', '/health/ready']);
    refusing.close();
  });

  test('a socket that says nothing for more than a minute stays', async () => {
    await wait(Math.max(0, silentSince + 65_000 - performance.now()));
    silent.send({ type: 'leave', room: lobby });
    await silent.next('left');
    await silent.cut();
  });
});

async function startRefusing(asked: string[]): Promise<Server> {
  const server = createServer(({ url }, response) => {
    asked.push(url ?? '');
    response.writeHead(503).end();
  });
  server.on('upgrade', ({ url }, socket) => {
    asked.push(url ?? '');
    socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
