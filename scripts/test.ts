/**
 * `npm test`: types, lint, unit, browser and end-to-end tests, one after another, all of them even when one
 * fails. The last line sums up; `--long` adds the tests that read `import.meta.env.LONG`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { ensureChromium } from './chromium.ts';

interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

/** The part of Vitest's JSON report that counts. */
interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { status: string; assertionResults: unknown[] }[];
}

const long = process.argv.includes('--long');
const RESULTS = 'test-results';

function run(command: string, args: string[]): boolean {
  const env = { ...process.env, LONG: long ? '1' : '' };
  return spawnSync('npx', ['--no-install', command, ...args], { stdio: 'inherit', env }).status === 0;
}

/** A checker counts as one test. */
const check = (command: string, ...args: string[]): Count =>
  run(command, args) ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };

function readReport(file: string): Count {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 };
  const report = JSON.parse(readFileSync(file, 'utf8')) as VitestReport;
  // A file that does not even load has no tests to count.
  const broken = report.testResults.filter((r) => r.status === 'failed' && r.assertionResults.length === 0);
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

function vitest(project: string): Count {
  const file = `${RESULTS}/vitest-${project}.json`;
  rmSync(file, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const passed = run('vitest', ['run', '--project', project, ...reporters]);
  const count = readReport(file);
  // Errors outside of tests (an unhandled rejection, a crashed browser) fail the run as well.
  return passed || count.failed > 0 ? count : { ...count, failed: 1 };
}

const STAGES: [name: string, stage: () => Count][] = [
  ['types', () => check('tsc', '--noEmit')],
  ['Svelte', () => check('svelte-check', '--fail-on-warnings', '--threshold', 'warning')],
  ['lint', () => check('eslint', '--max-warnings', '0', '.')],
  ['format', () => check('prettier', '--check', '.')],
  ['unit tests', () => vitest('unit')],
  ['browser tests', () => vitest('browser')],
  ['end-to-end tests', () => vitest('e2e')],
];

mkdirSync(RESULTS, { recursive: true });
console.log(`Chromium: ${ensureChromium()}`);

const total: Count = { passed: 0, failed: 0, skipped: 0 };
const summary: string[] = [];
for (const [name, stage] of STAGES) {
  console.log(`\n── ${name} ──`);
  const start = performance.now();
  const count = stage();
  total.passed += count.passed;
  total.failed += count.failed;
  total.skipped += count.skipped;
  const seconds = Math.round((performance.now() - start) / 1000);
  summary.push(
    `${name.padEnd(18)}${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped, ${seconds} s`,
  );
}
console.log(`\n${summary.join('\n')}\n`);
console.log(
  `${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}`,
);
process.exitCode = total.failed > 0 ? 1 : 0;
