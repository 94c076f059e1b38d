// `npm start`: installs what is missing, then brings the service up with a small demo world.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureInstalled, pinnedNode, root } from './install.mjs';

if (await ensureInstalled()) {
  const command = [join(root, 'src', 'cli', 'index.ts'), 'demo', ...process.argv.slice(2)];
  const service = spawn(pinnedNode, command, { cwd: root, stdio: 'inherit' });
  // A terminal's Ctrl-C reaches the service by itself; sent on as well it would count as pressed twice.
  const toPassOn = process.stdin.isTTY ? ['SIGTERM', 'SIGHUP'] : ['SIGTERM', 'SIGHUP', 'SIGINT'];
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) {
    process.on(signal, () => toPassOn.includes(signal) && service.kill(signal));
  }
  service.on('error', (error) => {
    console.error(`The pinned Node could not be started: ${error.message}`);
    process.exitCode = 1;
  });
  service.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
} else {
  process.exitCode = 1;
}
