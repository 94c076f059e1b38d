// `npm run bench -- calls --json`: runs one of the benchmarks of bench/ on the pinned Node.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled, pinnedNode, root } from './install.mjs';

const [name = '', ...options] = process.argv.slice(2);
const script = join(root, 'bench', `${name}.ts`);

if (!/^[a-z]+$/.test(name) || !existsSync(script)) {
  const names = readdirSync(join(root, 'bench')).filter((file) => file.endsWith('.ts'));
  console.error(`npm run bench -- <${names.map((file) => file.slice(0, -3)).join('|')}> [--json]`);
  process.exitCode = 2;
} else if (await ensureInstalled()) {
  process.exitCode = spawnSync(pinnedNode, [script, ...options], { cwd: root, stdio: 'inherit' }).status ?? 1;
} else {
  process.exitCode = 1;
}
