// The whole server as it runs for people, apart from the pages: real logins, SQLite with a commit before each answer. It
// takes the folder of its data and its port, and makes and removes a folder of its own where none is named.
import { makeTemporaryFolder } from '../temporary-folder.ts';
import { openParlour } from './open-parlour.ts';
import { serveBenchmark } from './peer.ts';

const [given, port = '0'] = process.argv.slice(2);
const folder = given ?? makeTemporaryFolder();

const { app, listener, close } = await openParlour({ PORT: port, PARLOUR_DATA: folder });
listener.handle(app.handlers);
serveBenchmark(listener.port, close, folder);
