// `npm test`: installs what the tests need, runs all of them, and closes with one line of counts.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureDebianPackages } from './debian-packages.mjs';
import { ensureInstalled, pinnedNode, root } from './install.mjs';

const PROJECTS = ['unit', 'contracts', 'interop', 'faults'];

if (await ensureInstalled()) {
  ensureDebianPackages();
  const counts = { passed: 0, failed: 0, skipped: 0 };
  check(counts, 'format and lint', ['@biomejs/biome/bin/biome', 'check', '--error-on-warnings']);
  check(counts, 'types', ['typescript/bin/tsc', '--noEmit']);
  for (const project of PROJECTS) testProject(counts, project);
  console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  process.exitCode = counts.failed === 0 ? 0 : 1;
} else {
  process.exitCode = 1;
}

/** Runs a check that has one outcome. */
function check(counts, title, [script, ...args]) {
  console.log(`\n── ${title}`);
  if (runScript(script, args) === 0) counts.passed += 1;
  else counts.failed += 1;
}

/** Runs one project of vitest and counts its tests from its own report. A run that breaks down counts as a failure. */
function testProject(counts, project) {
  console.log(`\n── tests: ${project}`);
  const folder = mkdtempSync(join(tmpdir(), 'omnidial-test-'));
  const report = join(folder, 'report.json');
  const args = ['run', '--project', project, '--reporter=default', '--reporter=json'];
  const status = runScript('vitest/vitest.mjs', [
    ...args,
    `--outputFile.json=${report}`,
    '--passWithNoTests',
  ]);
  const seen = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : {};
  rmSync(folder, { recursive: true });
  counts.passed += seen.numPassedTests ?? 0;
  counts.skipped += (seen.numPendingTests ?? 0) + (seen.numTodoTests ?? 0);
  counts.failed += status === 0 ? 0 : Math.max(1, seen.numFailedTests ?? 0);
}

/** Runs a script of an installed package on the pinned Node, and returns its exit code. */
function runScript(script, args) {
  const path = join(root, 'node_modules', script);
  return spawnSync(pinnedNode, [path, ...args], { cwd: root, stdio: 'inherit' }).status;
}
