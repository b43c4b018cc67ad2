/**
 * Runs a browser-side entry headless:
 * `npx tsx scripts/run-entry.ts scripts/entries/foo.ts --args '{"steps": 100}' --files FOLDER --log FILE`
 * Log lines go to stdout and FILE, the result as JSON to the last line.
 */
import { appendFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { runInChromium } from './run-in-chromium.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    args: { type: 'string', default: 'null' },
    files: { type: 'string', default: 'test-results/headless' },
    log: { type: 'string' },
  },
});

function onLog(line: string): void {
  console.log(line);
  if (values.log) appendFileSync(values.log, line + '\n');
}

const entry = positionals[0];
if (!entry) throw new Error('Name an entry, e.g. scripts/entries/check-host.ts.');
const result = await runInChromium({
  entry: `/${entry.replace(/^\.?\//, '')}`,
  args: JSON.parse(values.args) as unknown,
  files: values.files,
  onLog,
});
console.log(JSON.stringify(result));
