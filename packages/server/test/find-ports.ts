import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { promisify } from 'node:util';

/** Below what Linux gives to whoever connects, or listens on no port in particular: nobody is given one of these by chance. */
const [lowest, beyond] = [20_000, 32_768];

/** Ports of this machine that nobody listens on, for programs that must be told theirs. They are ours as long as we live. */
export async function findPorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    const port = randomInt(lowest, beyond);
    if ((await claim(port)) && (await isFree(port))) ports.push(port);
  }
  return ports;
}

/**
 * For other tests, in whichever process: whoever is told the port takes it only later, and gives it up for the time of a
 * restart. The name is no file, and goes with this process, whatever ends it. Only Linux has such names.
 */
async function claim(port: number): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  const claimed = await listen(createServer().unref(), { path: `\0parlour-test-port-${port}` });
  return claimed !== undefined;
}

async function isFree(port: number): Promise<boolean> {
  const server = await listen(createServer(), { port, host: '127.0.0.1' });
  if (server !== undefined) await promisify(server.close.bind(server))();
  return server !== undefined;
}

/** Undefined where somebody else listens there. */
async function listen(server: Server, where: { path: string } | { port: number; host: string }) {
  try {
    await once(server.listen(where), 'listening');
    return server;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return undefined;
  }
}

export async function findFreePort(): Promise<number> {
  const [port = 0] = await findPorts(1);
  return port;
}

/** Whether somebody on this machine takes connections there. */
export async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
