/**
 * `npm run bench`: our engine beside its peers, on this machine, in one run of about twenty minutes; prints the table
 * and writes docs/results/speed.md. The machine should do nothing else meanwhile.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Bench } from './bench.ts';
import { rowNames } from './case.ts';
import { CASES } from './cases/index.ts';
import { chartFile, chartSvg } from './chart.ts';
import { measureGrowth, type Growth } from './growth.ts';
import { machine, report, textTable } from './report.ts';
import { measureCase, type Row } from './rows.ts';

const USAGE = `npm run bench -- [options]
  --only NAME    only rows whose name begins with NAME; may be given several times. "growth" are the charts
  --quick        one round instead of five, no charts: to see that everything runs
  --json FILE    writes the rows, too
  --report FILE  default docs/results/speed.md, which a whole run alone replaces
  --list         names the rows`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    report: { type: 'string' },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const HERE = fileURLToPath(new URL('.', import.meta.url));
const LOCK = `${HERE}package-lock.json`;
const NOTES = `${HERE}notes.md`;
const INSTALLED = `${HERE}node_modules/.bench-lock`;

/** The peers, as the lockfile has them. Their install scripts fetch binaries that nothing here needs. */
function installPeers(): void {
  const lock = readFileSync(LOCK, 'utf8');
  if (existsSync(INSTALLED) && readFileSync(INSTALLED, 'utf8') === lock) return;
  console.error('Installing the peers into bench/node_modules …');
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnSync('npm', args, { cwd: HERE, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status === 0) writeFileSync(INSTALLED, lock);
  else console.error('The peers could not be installed; their rows will say so.');
}

const wanted = (name: string) =>
  values.only.length === 0 || values.only.some((start) => name.startsWith(start));

async function run(): Promise<void> {
  const cases = CASES.filter((one) => rowNames(one).some(wanted));
  const growth = values.only.includes('growth') || (values.only.length === 0 && !values.quick);
  if (cases.length === 0 && !growth)
    throw new Error(`No row begins with ${values.only.join(', ')}.\n${USAGE}`);
  installPeers();
  const started = performance.now();
  const bench = new Bench(values.quick, (line) => console.error(line));
  const rows: Row[] = [];
  try {
    for (const one of cases) rows.push(...(await measureCase(bench, one, wanted)));
    const charts = growth ? await measureGrowth(bench) : [];
    const minutes = (performance.now() - started) / 60_000;
    console.log(textTable(rows));
    if (values.json) writeFileSync(values.json, JSON.stringify(rows, null, 2) + '\n');
    const whole = values.only.length === 0 && !values.quick;
    const file = values.report ?? (whole ? 'docs/results/speed.md' : null);
    const how = { options: whatWasAsked(), rounds: bench.rounds, minutes };
    if (file) writeReport(file, report(rows, charts, machine(), how) + notes(), charts);
  } finally {
    await bench.close();
  }
}

function writeReport(file: string, markdown: string, charts: Growth[]): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, markdown);
  for (const chart of charts) writeFileSync(join(dirname(file), chartFile(chart)), chartSvg(chart));
  console.error(`wrote ${file}`);
}

/** The options that decide what is measured; where results go is nobody else's business. */
const whatWasAsked = (): string[] => [
  ...values.only.flatMap((name) => ['--only', name]),
  ...(values.quick ? ['--quick'] : []),
];

/** What a person has to say to the numbers: where the time of a row goes, and what would have to change. */
const notes = (): string => (existsSync(NOTES) ? `\n${readFileSync(NOTES, 'utf8')}` : '');

if (values.help) console.log(USAGE);
else if (values.list) console.log(CASES.flatMap(rowNames).join('\n'));
else {
  try {
    await run();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
