// Installs what is missing. Plain JavaScript for Node 20: in a fresh clone nothing else is there yet.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const neededNode = 26;
const pinnedNode = join(root, 'node_modules', '.bin', 'node');

const postgresql = { name: 'PostgreSQL', file: '/usr/lib/postgresql/*/bin/postgres', packages: ['postgresql'] };
const rabbitmq = {
  name: 'RabbitMQ',
  file: '/usr/lib/rabbitmq/lib/*/sbin/rabbitmq-server',
  packages: ['rabbitmq-server'],
};
const redis = { name: 'Redis', file: '/usr/bin/redis-server', packages: ['redis-server'] };

/** What tests need of the machine, as Debian packages it; `file` may have one folder with a version in it. */
const testNeeds = [
  {
    name: 'Chromium',
    file: '/usr/bin/chromium',
    // Emoji need a font.
    packages: ['chromium', 'fonts-noto-color-emoji'],
    skipped: 'The browser tests are skipped.',
  },
  { ...postgresql, skipped: 'The tests of PostgreSQL are skipped.' },
  { ...rabbitmq, skipped: 'The tests of several nodes over RabbitMQ are skipped.' },
  {
    name: 'nginx',
    file: '/usr/sbin/nginx',
    packages: ['nginx-light'],
    skipped: 'The tests behind load balancers are skipped.',
  },
  {
    name: 'Caddy',
    file: '/usr/bin/caddy',
    packages: ['caddy'],
    skipped: 'The tests behind load balancers are skipped.',
  },
  { ...redis, skipped: 'The test of the benchmark of clusters is skipped.' },
];

/** What the benchmarks measure Parlour beside, and run it on. */
const peerNeeds = [
  { ...postgresql, skipped: 'The benchmarks of clusters cannot run.' },
  { ...rabbitmq, skipped: 'The benchmarks of clusters cannot run.' },
  { ...redis, skipped: 'The benchmark of clusters cannot run.' },
  { name: 'NATS', file: '/usr/sbin/nats-server', packages: ['nats-server'], skipped: 'Nothing is measured beside it.' },
  {
    name: 'nchan',
    file: '/usr/lib/nginx/modules/ngx_nchan_module.so',
    packages: ['nginx-light', 'libnginx-mod-nchan'],
    skipped: 'Nothing is measured beside it.',
  },
];

/** @param {string} line @returns {never} */
function fail(line) {
  console.error(line);
  process.exit(1);
}

/** @param {string} path @returns {Record<string, {version?: string, optional?: boolean, devOptional?: boolean}> | undefined} */
function readPackages(path) {
  try {
    return JSON.parse(readFileSync(join(root, path), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/**
 * Whether node_modules in a folder holds what its lockfile names. npm writes its own record last, so a broken install has
 * none.
 * @param {string} folder
 */
function isInstalled(folder) {
  const locked = readPackages(join(folder, 'package-lock.json'));
  const present = readPackages(join(folder, 'node_modules/.package-lock.json'));
  if (locked === undefined || present === undefined) return false;
  return Object.entries(locked).every(([path, { version, optional, devOptional }]) => {
    if (!path.includes('node_modules/')) return true;
    const found = present[path];
    // What is for other platforms is absent here.
    return found === undefined ? optional === true || devOptional === true : found.version === version;
  });
}

/** @param {string} folder */
function installPackages(folder) {
  console.log(folder === '.' ? 'Installing what is missing …' : `Installing what ${folder} needs …`);
  const { npm_execpath: npm, npm_node_execpath: node } = process.env;
  // Not by the Node in node_modules, which is about to be replaced. No package needs its install script.
  const args = ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--loglevel=error'];
  const options = /** @type {const} */ ({ cwd: join(root, folder), stdio: ['ignore', 'ignore', 'inherit'] });
  const { status } = npm && node ? spawnSync(node, [npm, ...args], options) : spawnSync('npm', args, options);
  if (status !== 0) fail('Installing failed: npm says why above. Is the network there?');
}

/** npm 10 takes the link away again, together with those of the packages that are for other platforms. */
function linkNode() {
  if (existsSync(pinnedNode)) return;
  const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  for (const name of Object.keys(optionalDependencies)) {
    const binary = join(root, 'node_modules', name, 'bin', 'node');
    if (!existsSync(binary)) continue;
    chmodSync(binary, 0o755);
    symlinkSync(relative(dirname(pinnedNode), binary), pinnedNode);
    return;
  }
}

/** The version that npm's scripts will run on: the pinned one, or the machine's own where there is none for it. */
function findNodeVersion() {
  if (!existsSync(pinnedNode)) return process.version;
  try {
    return execFileSync(pinnedNode, ['-p', 'process.version'], { encoding: 'utf8' }).trim();
  } catch {
    return 'none';
  }
}

function checkNode() {
  const version = findNodeVersion();
  if (version.startsWith(`v${neededNode}.`)) return;
  fail(
    `Parlour needs Node ${neededNode} and npm did not install it for ${process.platform}-${process.arch} (found ${version}).` +
      ` Install Node ${neededNode} yourself, remove node_modules, and try again.`,
  );
}

/** @param {{file: string}} need */
function isThere({ file }) {
  const [folder = '', rest] = file.split('/*/');
  if (rest === undefined) return existsSync(file);
  return existsSync(folder) && readdirSync(folder).some((version) => existsSync(join(folder, version, rest)));
}

/** @param {{name: string, packages: string[]}[]} needs */
function installByApt(needs) {
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const run = (/** @type {string[]} */ ...command) => {
    const [file = '', ...args] = [...sudo, ...command];
    return spawnSync(file, args, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
  };
  const mayInstall =
    existsSync('/usr/bin/apt-get') && (sudo.length === 0 || spawnSync('sudo', ['-n', 'true']).status === 0);
  if (!mayInstall) return;
  console.log(`Installing ${needs.map(({ name }) => name).join(', ')} …`);
  run('apt-get', 'update', '-qq');
  // Tests start servers of their own. The packages would start one of the machine's, which nobody asked for: the first
  // of these is for machines with systemd, the second for those without.
  const quietly = ['env', 'SYSTEMD_OFFLINE=1', 'RUNLEVEL=1', 'DEBIAN_FRONTEND=noninteractive'];
  run(
    ...quietly,
    'apt-get',
    'install',
    '-qq',
    '-y',
    '--no-install-recommends',
    ...needs.flatMap(({ packages }) => packages),
  );
}

/** @param {{name: string, file: string, packages: string[], skipped: string}[]} needs */
function installNeeds(needs) {
  const missing = needs.filter((need) => !isThere(need));
  if (missing.length === 0) return;
  installByApt(missing);
  const failed = missing.filter((need) => !isThere(need));
  const lines = failed.map(({ name, file }) => `${name} is missing at ${file}, and it could not be installed.`);
  if (failed.length > 0 && process.env.CI === 'true') fail(lines.join('\n'));
  failed.forEach(({ skipped }, i) => {
    console.log(`${lines[i]} ${skipped}`);
  });
}

const folders = ['.', ...(process.argv.includes('--bench') ? ['bench'] : [])];
for (const folder of folders) if (!isInstalled(folder)) installPackages(folder);
linkNode();
checkNode();
if (process.argv.includes('--tests')) installNeeds(testNeeds);
if (process.argv.includes('--peers')) installNeeds(peerNeeds);
