/**
 * `npm test`: types, lint, unit, browser and end-to-end tests, all of them even when one fails. The last line sums up; `--long` adds the tests that read `import.meta.env.LONG`.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { relative } from 'node:path';
import { ensureChromium } from './chromium.ts';
import { ensureFirefox } from './firefox.ts';

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
  testResults: {
    name: string;
    status: string;
    assertionResults: { status: string; fullName: string }[];
  }[];
}

const long = process.argv.includes('--long');
const RESULTS = 'test-results';

/** Whether it ended well. It says what it has to say when it has ended, since another lane talks beside it. */
function run(command: string, args: string[]): Promise<boolean> {
  const env = { ...process.env, LONG: long ? '1' : '' };
  return new Promise((resolve) => {
    const child = spawn('npx', ['--no-install', command, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env,
    });
    const said: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => said.push(part));
    child.on('close', (status) => {
      process.stdout.write(Buffer.concat(said));
      resolve(status === 0);
    });
  });
}

/** What failed, named below the counts: what a stage said itself may be thousands of lines above. */
const failures: string[] = [];

/** A checker counts as one test. */
async function check(command: string, ...args: string[]): Promise<Count> {
  const passed = await run(command, args);
  return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 };
}

function readReport(file: string): Count {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 };
  const report = JSON.parse(readFileSync(file, 'utf8')) as VitestReport;
  // A file that does not even load has no tests to count.
  const broken = report.testResults.filter((r) => r.status === 'failed' && r.assertionResults.length === 0);
  for (const { name, assertionResults } of report.testResults)
    for (const { fullName } of assertionResults.filter((test) => test.status === 'failed'))
      failures.push(`${relative('.', name)}: ${fullName}`);
  for (const { name } of broken) failures.push(`${relative('.', name)} does not load`);
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

async function vitest(project: string): Promise<Count> {
  const file = `${RESULTS}/vitest-${project}.json`;
  rmSync(file, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const passed = await run('vitest', ['run', '--project', project, ...reporters]);
  const count = readReport(file);
  // Errors outside of tests (an unhandled rejection, a crashed browser) fail the run as well.
  return passed || count.failed > 0 ? count : { ...count, failed: 1 };
}

type Stage = [name: string, stage: () => Promise<Count>];

/** Two cores, two lanes: what a terminal runs, and what a browser does without being held to times of less than seconds. */
const SIDE_BY_SIDE: readonly Stage[][] = [
  [
    ['lint', () => check('eslint', '--max-warnings', '0', '.')],
    // Of everything that tsconfig.json includes, so that tsc has nothing left to find.
    ['types', () => check('svelte-check', '--fail-on-warnings', '--threshold', 'warning')],
    ['format', () => check('prettier', '--check', '.')],
    ['unit tests', () => vitest('unit')],
  ],
  [['browser tests', () => vitest('browser')]],
];

/** By itself: it holds the page to times. */
const ALONE: readonly Stage[] = [['end-to-end tests', () => vitest('e2e')]];

mkdirSync(RESULTS, { recursive: true });
console.log(`Chromium: ${ensureChromium()}`);
if (long) console.log(`Firefox: ${ensureFirefox()}`);

const total: Count = { passed: 0, failed: 0, skipped: 0 };
const summary: string[] = [];

/** One stage after another, all of them even when one fails. */
async function runAll(stages: readonly Stage[]): Promise<void> {
  for (const [name, stage] of stages) {
    console.log(`\n── ${name} …`);
    const start = performance.now();
    const count = await stage();
    total.passed += count.passed;
    total.failed += count.failed;
    total.skipped += count.skipped;
    const seconds = Math.round((performance.now() - start) / 1000);
    summary.push(
      `${name.padEnd(18)}${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped, ${seconds} s`,
    );
  }
}

await Promise.all(SIDE_BY_SIDE.map(runAll));
await runAll(ALONE);
console.log(`\n${summary.join('\n')}\n`);
if (failures.length) console.log(`Failed:\n${failures.join('\n')}\n`);
console.log(
  `${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}`,
);
process.exitCode = total.failed > 0 ? 1 : 0;
