import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { findFreePort, listens } from '../../packages/server/test/find-ports.ts';
import { makeTemporaryFolder, removeTemporaryFolder } from '../temporary-folder.ts';
import type { PeerServer } from './peer-server.ts';

export type NativeProgram = {
  program: string;
  /** Its arguments, for the port that it is to listen on and the folder in which it may do what it likes. */
  args(port: number, folder: string): readonly string[];
  /** The files that it is to find in its folder. */
  files?(port: number): Readonly<Record<string, string>>;
};

/** Starts a program that is no Node. The kernel ends it when this process is gone. */
export async function startNativePeer({ program, args, files }: NativeProgram): Promise<PeerServer> {
  const [port, folder] = [await findFreePort(), makeTemporaryFolder()];
  for (const [name, text] of Object.entries(files?.(port) ?? {})) writeFileSync(join(folder, name), text);
  const command = ['--pdeathsig=TERM', '--', program, ...args(port, folder)];
  const env = { ...process.env, NODE_ENV: 'production' };
  const child = spawn('setpriv', command, { stdio: ['ignore', 'ignore', 'pipe'], env });
  const stop = async () => {
    await end(child);
    removeTemporaryFolder(folder);
  };
  try {
    await untilItListens(child, port);
  } catch (error) {
    await stop();
    throw error;
  }
  return { port, folder, pid: child.pid ?? 0, loopDelay: async () => undefined, stop };
}

async function untilItListens(child: ChildProcess, port: number): Promise<void> {
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    said = (said + chunk).slice(-2_000);
  });
  while (!(await listens(port))) {
    if (hasEnded(child)) {
      const how = child.signalCode ?? `exit code ${child.exitCode}`;
      throw new Error(`${child.spawnargs.join(' ')} did not start (${how}): ${said}`);
    }
    await wait(20);
  }
}

/** By itself, or by a signal, such as for an instruction that this processor does not have. */
function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const closed = once(child, 'close');
  child.kill('SIGTERM');
  await closed;
}
