import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/*
 * Runs on whatever Node started npm (18 or newer), before anything of ours is installed: plain JavaScript,
 * nothing but the platform.
 */

/** The clone this script belongs to. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The Node that Omnidial runs on, which npm installs like any other package. */
export const pinnedNode = join(root, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node');

const TICK_MS = 10_000;

/** What npm says when the registry cannot be reached. */
const NETWORK_FAILURE =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT)\b/;

/** Installs the npm packages where they are missing or other than package-lock.json says; true when all is there. */
export async function ensureInstalled() {
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) {
    console.error(`Omnidial runs on Linux, x64 or arm64; this is ${process.platform} ${process.arch}.`);
    return false;
  }
  if (isInstalled()) return true;
  console.log('Installing the npm packages of package-lock.json, Node 24 among them (about 300 MB, once) …');
  const startedAtMs = Date.now();
  const seconds = () => Math.round((Date.now() - startedAtMs) / 1000);
  const ticking = setInterval(() => console.log(`  … still installing after ${seconds()} s`), TICK_MS);
  const { code, errors } = await runNpmCi();
  clearInterval(ticking);
  if (code === 0 && isInstalled()) {
    console.log(`Installed in ${seconds()} s.`);
    return true;
  }
  console.error(whyFailed(code, errors));
  return false;
}

function whyFailed(code, errors) {
  if (NETWORK_FAILURE.test(errors)) {
    return 'The npm registry could not be reached. Check the network (or `npm config get registry`, `npm config get proxy`) and run the same command again.';
  }
  if (/\bENOSPC\b/.test(errors)) return 'The disk is full: free about 500 MB and run the same command again.';
  if (/\b(EACCES|EPERM)\b/.test(errors)) {
    return `npm may not write to ${root}: give this user the folder, and run the same command again.`;
  }
  if (code === 0 && !existsSync(pinnedNode)) {
    return `npm left out the pinned Node (${pinnedNode}). Are optional packages switched off? \`npm config delete omit\` brings them back.`;
  }
  return `npm ci failed (exit code ${code}); its own message is above. Run the same command again once that is put right.`;
}

/** Whether what is installed is what the lock file says, by versions; optional packages of other platforms may be absent. */
function isInstalled() {
  const installedLock = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedLock) || !existsSync(pinnedNode)) return false;
  const wanted = readJson(join(root, 'package-lock.json')).packages;
  const installed = readJson(installedLock).packages;
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true;
    const present = installed[path];
    return present === undefined ? optional === true : present.version === version;
  });
}

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** Runs `npm ci` with the npm that started us, shows what it says, and keeps its errors. */
function runNpmCi() {
  const script = process.env.npm_execpath ?? '';
  const [command, first] = script.endsWith('npm-cli.js') ? [process.execPath, [script]] : ['npm', []];
  return new Promise((resolve) => {
    const npm = spawn(
      command,
      [...first, 'ci', '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'],
      {
        cwd: root,
        stdio: ['ignore', 'inherit', 'pipe'],
      },
    );
    let errors = '';
    npm.stderr.setEncoding('utf8').on('data', (text) => {
      errors += text;
      process.stderr.write(text);
    });
    npm.on('error', (error) => resolve({ code: 127, errors: `${errors}${error.message}` }));
    npm.on('close', (code) => resolve({ code: code ?? 1, errors }));
  });
}
