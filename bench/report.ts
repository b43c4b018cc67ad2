import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { ensureChromium } from '../scripts/chromium.ts';
import { chartFile } from './chart.ts';
import { figure } from './figure.ts';
import type { Growth } from './growth.ts';
import { reached, type Row } from './rows.ts';

export interface Machine {
  cores: string;
  memory: string;
  node: string;
  chromium: string;
}

export function machine(): Machine {
  const all = cpus();
  return {
    cores: `${all.length} × ${all[0]?.model.trim() ?? 'unknown processor'}`,
    memory: `${Math.round(totalmem() / 1e9)} GB`,
    node: process.version,
    chromium: execFileSync(ensureChromium(), ['--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
      .trim()
      .split('\n')[0]!,
  };
}

const ratioText = ({ ratio, lowerIsBetter }: Row): string =>
  ratio === null || lowerIsBetter ? '–' : `${ratio.toPrecision(3)} ×`;
const targetText = ({ target, lowerIsBetter, unit }: Row): string =>
  lowerIsBetter ? `≤ ${target} ${unit}` : `≥ ${target} ×`;
const spreadText = ({ spread }: Row): string => (spread === null ? '–' : `${Math.round(100 * spread)} %`);

function verdict(row: Row): string {
  if (row.ratio === null) return 'not measured';
  return reached(row) ? 'yes' : 'no';
}

const HEAD = ['row', 'ours', 'peer', 'unit', 'ratio', 'target', 'spread', 'reached'];
const cells = (row: Row): string[] => [
  row.name,
  figure(row.ours),
  figure(row.peer),
  row.unit,
  ratioText(row),
  targetText(row),
  spreadText(row),
  verdict(row),
];

/** For the terminal: columns of equal width, and below them what each contender was given. */
export function textTable(rows: Row[]): string {
  const lines = [HEAD, ...rows.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  const table = lines.map((line) =>
    line
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join('  ')
      .trimEnd(),
  );
  return [...table, '', ...rows.flatMap(given)].join('\n');
}

const given = (row: Row): string[] => [
  `${row.name}: ${row.given.ours || '–'}${row.given.peer ? ` | ${row.given.peer}` : ''}`,
  ...(row.note ? [`${row.name}: ${row.note}`] : []),
];

const tableOf = (head: string[], rows: string[][]): string =>
  [head, head.map(() => '---'), ...rows].map((line) => `| ${line.join(' | ')} |`).join('\n');

/** How the rows were measured. */
export interface Run {
  /** Those that decide what is measured. */
  options: string[];
  /** Measurements of each contender. */
  rounds: number;
  minutes: number;
}

/** docs/results/speed.md; charts lie beside it. */
export function report(
  rows: Row[],
  charts: Growth[],
  { cores, memory, node, chromium }: Machine,
  { options, rounds, minutes }: Run,
): string {
  const command = ['npm run bench', ...(options.length > 0 ? ['--', ...options] : [])].join(' ');
  return `# Speed beside the peers

\`${command}\` on ${cores}, ${memory}; Node ${node}, ${chromium}; ${Math.round(minutes)} minutes.

All contenders of a row are warmed up, then take turns, one measurement each, ${rounds === 1 ? 'one round' : `${rounds} rounds`}; numbers are medians. Ratio:
ours over the peer's. Spread: (largest − smallest) / median of the ratio, round by round; of a cost, of the cost itself.
Same machine, same prompts, same numbers of tokens: no row ends early. WebGPU runs in software here (SwiftShader).

${tableOf(HEAD, rows.map(cells))}

## What was measured

${rows.map((row) => `- **${row.name}**: ${row.work}. ${givenText(row)}`).join('\n')}
${notes(rows)}${growthSections(charts)}`;
}

const givenText = ({ given: { ours, peer } }: Row): string =>
  peer ? `Ours: ${ours || '–'}. Peer: ${peer}.` : `Ours: ${ours || '–'}.`;

function notes(rows: Row[]): string {
  const missing = rows.filter(({ note }) => note);
  if (missing.length === 0) return '';
  return `\n## Rows without a number\n\n${missing.map(({ name, note }) => `- **${name}**: ${note}`).join('\n')}\n`;
}

const growthSections = (charts: Growth[]): string =>
  charts.length === 0
    ? ''
    : `
## How cost grows

WASM, random weights in the prototype's shape (5 layers, width 160, vocabulary 768); 8 prompts of 96 tokens, 8 rationales of
32 tokens each, unless the chart says otherwise. Tokens/s counts generated tokens, and the time for the prompts with them.
Memory is the peak resident size of the tab's process: page, workers, all heaps.
${charts.map(growthSection).join('')}`;

const growthSection = (chart: Growth): string => `
### ${chart.title}

![Tokens per second against ${chart.axis}](${chartFile(chart)})

${tableOf(
  [chart.axis, 'tokens/s', 'memory, MB'],
  chart.points.map(({ x, tokensPerSecond, megabytes }) => [
    String(x),
    figure(tokensPerSecond),
    figure(megabytes),
  ]),
)}
`;
