/**
 * `npm run results:self-rationalization`: runs the Standard and the Quick preset for five seeds, each through
 * `npm run rationalize`, and writes docs/results/self-rationalization.md. A seed whose JSON stands in the work folder
 * is not run again, so the command can be stopped and continued; delete the folder to measure anew.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Interval } from '../src/evaluate/resample.ts';
import type { Results } from '../src/rationalize/results.ts';
import type { RoundResults } from '../src/rationalize/round-results.ts';

const { values } = parseArgs({
  options: { folder: { type: 'string', default: 'work/self-rationalization' } },
});
const DOCUMENT = 'docs/results/self-rationalization.md';
const SEEDS = [1, 2, 3, 4, 5];
const STANDARD = ['--rounds', '2', '--items', '500', '--samples', '8'];
const QUICK = ['--preset', 'quick'];

/** The wall-clock seconds of the whole command, and how busy the machine was (1-minute load average at its end). */
interface Timing {
  seconds: number;
  load: number;
}

interface Timed extends Timing {
  results: Results;
}

function measure(name: string, seed: number, options: string[]): Timed {
  const file = join(values.folder, `${name}-${seed}.json`);
  const timing = `${file}.timing`;
  if (!existsSync(file)) {
    const start = performance.now();
    const args = ['run', '-s', 'rationalize', '--', ...options, '--backend', 'wasm', '--seed', String(seed)];
    const { status } = spawnSync('npm', [...args, '--json', file], { stdio: 'inherit' });
    if (status !== 0) throw new Error(`${name}, seed ${seed} ended with status ${status}.`);
    const timed: Timing = { seconds: (performance.now() - start) / 1000, load: loadavg()[0] ?? 0 };
    writeFileSync(timing, JSON.stringify(timed));
  }
  const results = JSON.parse(readFileSync(file, 'utf8')) as Results;
  return { results, ...(JSON.parse(readFileSync(timing, 'utf8')) as Timing) };
}

const percent = (share: number | null) => (share === null ? 'n/a' : (100 * share).toFixed(1));
const signed = (share: number) => `${share >= 0 ? '+' : '−'}${(100 * Math.abs(share)).toFixed(1)}`;
const interval = ({ mean, low, high }: Interval) => `${signed(mean)} [${signed(low)}, ${signed(high)}]`;

function roundOf({ rounds }: Results, number: number): RoundResults {
  const round = rounds[number - 1];
  if (!round) throw new Error(`Round ${number} is missing.`);
  return round;
}

function standardRow({ results }: Timed): string {
  const { before, remap, settings } = results;
  const [first, last] = [roundOf(results, 1), roundOf(results, 2)];
  const cells = [
    settings.seed,
    `${percent(before.accuracy)} (${percent(remap.accuracy)})`,
    percent(first.accuracy),
    percent(last.accuracy),
    interval(last.difference),
    interval(last.differenceFromRemap),
    interval(last.differenceFromPrevious),
    [before, first, last].map(({ rationaleExact }) => percent(rationaleExact)).join(' → '),
    [before, first, last].map(({ rationaleExactSlips }) => percent(rationaleExactSlips)).join(' → '),
  ];
  return `| ${cells.join(' | ')} |`;
}

function speedRow({ results, seconds, load }: Timed): string {
  const rounds = results.rounds.map(({ round, pairs, steps, seconds: s, tokensPerSecond: speed }) => {
    const parts = [s.sample, s.train, s.evaluate].map((part) => part.toFixed(0)).join(' + ');
    return `round ${round}: ${pairs} pairs, ${steps} steps, ${parts} s (${(speed.sample ?? 0).toFixed(0)} and ${(speed.train ?? 0).toFixed(0)} tokens/s)`;
  });
  return `- seed ${results.settings.seed}: ${rounds.join('; ')}; the whole command ${seconds.toFixed(0)} s, load ${load.toFixed(0)}`;
}

function quickRow({ results, seconds, load }: Timed): string {
  const round = roundOf(results, 1);
  const cells = [
    results.settings.seed,
    percent(results.before.accuracy),
    percent(round.accuracy),
    interval(round.difference),
    seconds.toFixed(0),
    load.toFixed(0),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** What held in how many seeds, computed, never written by hand. */
function verdicts(runs: Timed[]): string[] {
  const count = (holds: (last: RoundResults, results: Results) => boolean) =>
    `${runs.filter(({ results }) => holds(roundOf(results, 2), results)).length} of ${runs.length} seeds`;
  return [
    `- Accuracy at least 15 points above the seed judge, interval above zero: ${count(({ difference: d }) => d.mean >= 0.15 && d.low > 0)}.`,
    `- At least 5 points above *remap*, interval above zero: ${count(({ differenceFromRemap: d }) => d.mean >= 0.05 && d.low > 0)}.`,
    `- Round 2 not below round 1 (the interval of their difference is not wholly below zero): ${count(({ differenceFromPrevious: d }) => d.high >= 0)}.`,
    `- Exact rationales on the kinds that the annotator slips on: higher, interval above zero: ${count(({ rationaleDifferenceSlips: d }) => d !== null && d.low > 0)}.`,
    `- Exact rationales over all items: not lower (interval not wholly below zero): ${count(({ rationaleDifference: d }) => d !== null && d.high >= 0)}.`,
  ];
}

mkdirSync(values.folder, { recursive: true });
const standard = SEEDS.map((seed) => measure('standard', seed, STANDARD));
const quick = SEEDS.map((seed) => measure('quick', seed, QUICK));
const { model, device, settings } = (standard[0] as Timed).results;

writeFileSync(
  DOCUMENT,
  `# Self-Rationalization on the embedded judge

Made by \`npm run results:self-rationalization\`, which runs \`npm run rationalize -- ${STANDARD.join(' ')} --backend wasm --seed N\` and \`-- ${QUICK.join(' ')}\` for N = 1 … 5.
Judge \`${model.name}\`, hash \`${model.hash}\`; ${device.device}, ${device.workers} workers on two CPU cores.

A seed varies the item draw, the sampling, the pairing and the order; the judge and the ${settings.heldoutItems} held-out items are the same. Accuracy is the share of exact scores, greedy. *remap* is the table from seed score to commonest label, fitted on the same training labels: what recalibration alone would give. Intervals are paired bootstraps (95 %) that resample prompts. Settings: N = ${settings.samples} samples at temperature ${settings.temperature}, correct-answer pairs with margin ${settings.margin}, at most ${settings.pairsPerItem} an item, β ${settings.beta}, SFT weight ${settings.sftWeight}, learning rate ${settings.learningRate}, batches of ${settings.batchSize} pairs, full fine-tuning, reference re-based each round. They were taken from what was measured on a prototype judge, not tuned on these items.

## Standard: two rounds of ${settings.itemsPerRound} items

| seed | before (remap) | round 1 | round 2 | round 2 − before | round 2 − remap | round 2 − round 1 | exact rationales | exact rationales, slip kinds |
|---|---|---|---|---|---|---|---|---|
${standard.map(standardRow).join('\n')}

${verdicts(standard).join('\n')}

What the page says of seed 1: “${roundOf((standard[0] as Timed).results, 2).sentence ?? ''}”

## Time

${standard.map(speedRow).join('\n')}

Seconds are sampling + training + evaluation; the whole command also starts Chromium, judges the seed judge's baseline and computes reference log-probabilities. Load is the machine's load average when the command ended: this command alone keeps it near 2, and times at a higher load are upper bounds.

## Quick: one round

| seed | before | after | difference | seconds, whole command | load |
|---|---|---|---|---|---|
${quick.map(quickRow).join('\n')}
`,
);
// The document follows the repository's formatting, like everything that is written by hand.
spawnSync('npx', ['prettier', '--write', DOCUMENT], { stdio: 'inherit' });
