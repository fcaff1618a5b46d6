// The whole server as it runs for people, apart from the pages: real logins, SQLite with a commit before each answer. It
// takes the folder of its data and its port, and makes and removes a folder of its own where none is named.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openParlour } from './open-parlour.ts';
import { serveBenchmark } from './peer.ts';

const [given, port = '0'] = process.argv.slice(2);
const folder = given ?? mkdtempSync(join(tmpdir(), 'parlour-bench-'));
if (given === undefined) process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const { app, listener, close } = await openParlour({ PORT: port, PARLOUR_DATA: folder });
listener.handle(app.handlers);
serveBenchmark(listener.port, close, folder);
