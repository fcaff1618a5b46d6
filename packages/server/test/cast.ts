import { type StartOptions, startServer, type TestServer } from './start-server.ts';
import { TestClock } from './test-clock.ts';
import type { Visitor } from './visitor.ts';

export type Cast = {
  server: TestServer;
  /** The server's time: it stands still. Timers run on. */
  clock: TestClock;
  ada: Visitor;
  grace: Visitor;
  linus: Visitor;
  /** Room ids: the lobby is open, designers closed. */
  lobby: string;
  designers: string;
};

/** The cast in a house of their own: ada made both rooms, grace is in both, linus in neither. */
export async function gatherCast(options: StartOptions = {}): Promise<Cast> {
  const clock = new TestClock();
  const server = await startServer({ clock, ...options });
  const ada = await server.signUp('Ada');
  const grace = await server.signUp('Grace');
  const linus = await server.signUp('Linus');
  const lobby = (await ada.createRoom('Lobby')).id;
  const designers = (await ada.createRoom('Designers', true)).id;
  await grace.join(lobby);
  await ada.add(designers, grace);
  return { server, clock, ada, grace, linus, lobby, designers };
}
