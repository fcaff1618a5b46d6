// Installs what is missing. Plain JavaScript for Node 20: in a fresh clone nothing else is there yet.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const neededNode = 26;
const pinnedNode = join(root, 'node_modules', '.bin', 'node');
const chromiumPaths = ['/usr/bin/chromium'];

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

/** Whether node_modules holds what the lockfile names. npm writes its own record last, so a broken install has none. */
function isInstalled() {
  const locked = readPackages('package-lock.json');
  const present = readPackages('node_modules/.package-lock.json');
  if (locked === undefined || present === undefined) return false;
  return Object.entries(locked).every(([path, { version, optional, devOptional }]) => {
    if (!path.includes('node_modules/')) return true;
    const found = present[path];
    // What is for other platforms is absent here.
    return found === undefined ? optional === true || devOptional === true : found.version === version;
  });
}

function installPackages() {
  console.log('Installing what is missing …');
  const { npm_execpath: npm, npm_node_execpath: node } = process.env;
  // Not by the Node in node_modules, which is about to be replaced. No package needs its install script.
  const args = ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--loglevel=error'];
  const options = /** @type {const} */ ({ cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
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

/** Browser tests need Debian's Chromium, and its emoji a font. */
function installChromium() {
  if (chromiumPaths.some((path) => existsSync(path))) return;
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const run = (/** @type {string[]} */ ...command) => {
    const [file = '', ...args] = [...sudo, ...command];
    return spawnSync(file, args, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
  };
  const mayInstall =
    existsSync('/usr/bin/apt-get') && (sudo.length === 0 || spawnSync('sudo', ['-n', 'true']).status === 0);
  if (mayInstall) {
    console.log('Installing Chromium for the browser tests …');
    const packages = ['chromium', 'fonts-noto-color-emoji'];
    run('apt-get', 'update', '-qq');
    run(
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      'apt-get',
      'install',
      '-qq',
      '-y',
      '--no-install-recommends',
      ...packages,
    );
  }
  if (chromiumPaths.some((path) => existsSync(path))) return;
  const line = `Chromium is missing at ${chromiumPaths[0]}, and it could not be installed.`;
  if (process.env.CI === 'true') fail(line);
  console.log(`${line} The browser tests are skipped.`);
}

if (!isInstalled()) installPackages();
linkNode();
checkNode();
if (process.argv.includes('--tests')) installChromium();
