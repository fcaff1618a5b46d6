import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';

type Encoding = 'br' | 'gzip';
type StaticFile = { path: string; type: string; hashed: boolean; encodings: Map<Encoding, string> };
type Content = { body: Uint8Array<ArrayBuffer>; etag: string };

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wav': 'audio/wav',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.woff2': 'font/woff2',
};
const suffixes: [Encoding, string][] = [
  ['br', '.br'],
  ['gzip', '.gz'],
];
/** Names below this folder change with their content. */
const hashedFolder = '/_nuxt/';

/** The built public folder, read once. Only what is in the index can be asked for. */
export class StaticFiles {
  readonly #files: ReadonlyMap<string, StaticFile>;
  readonly #contents = new Map<string, Promise<Content>>();

  private constructor(files: ReadonlyMap<string, StaticFile>) {
    this.#files = files;
  }

  static async index(folder: string): Promise<StaticFiles> {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const known = new Set(paths);
    const files = new Map<string, StaticFile>();
    for (const path of paths) {
      const type = types[extname(path)];
      if (type === undefined) continue;
      const url = `/${relative(folder, path).split(sep).join('/')}`;
      const encodings = suffixes.filter(([, suffix]) => known.has(path + suffix));
      files.set(url, {
        path,
        type,
        hashed: url.startsWith(hashedFolder),
        encodings: new Map(encodings.map(([name, suffix]) => [name, path + suffix])),
      });
    }
    const index = new StaticFiles(files);
    // All of them now: the next build removes them from the disk, and open pages go on asking for them.
    await Promise.all(
      [...files.values()].flatMap(({ path, encodings }) =>
        [path, ...encodings.values()].map((one) => index.#read(one)),
      ),
    );
    return index;
  }

  /** Answers for a file, a 404 for a name that only a file could have, and undefined for everything else. */
  async fetch(request: Request): Promise<Response | undefined> {
    const { pathname } = new URL(request.url);
    const file = this.#files.get(pathname);
    if (file === undefined) {
      return pathname.startsWith(hashedFolder)
        ? new Response('Not found', { status: 404, headers: { 'cache-control': 'no-store' } })
        : undefined;
    }
    const encoding = chooseEncoding(file, request.headers.get('accept-encoding') ?? '');
    const { body, etag } = await this.#read((encoding && file.encodings.get(encoding)) ?? file.path);
    const headers = new Headers({
      'content-type': file.type,
      'cache-control': file.hashed ? 'public, max-age=31536000, immutable' : 'public, max-age=3600',
      etag,
    });
    if (file.encodings.size > 0) headers.set('vary', 'accept-encoding');
    if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers });
    if (encoding !== undefined) headers.set('content-encoding', encoding);
    headers.set('content-length', String(body.length));
    return new Response(request.method === 'HEAD' ? null : body, { headers });
  }

  #read(path: string): Promise<Content> {
    const known = this.#contents.get(path);
    if (known !== undefined) return known;
    const content = readFile(path).then((buffer) => {
      const etag = `"${createHash('sha256').update(buffer).digest('base64url').slice(0, 22)}"`;
      return { body: new Uint8Array(buffer), etag };
    });
    this.#contents.set(path, content);
    content.catch(() => this.#contents.delete(path));
    return content;
  }
}

function chooseEncoding(file: StaticFile, accepted: string): Encoding | undefined {
  const names = new Set(accepted.split(',').map((part) => part.split(';')[0]?.trim()));
  return [...file.encodings.keys()].find((encoding) => names.has(encoding));
}
