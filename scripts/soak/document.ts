import { inUnits } from './chart.ts';
import { LOCAL_JUDGES, SHIPPED_JUDGES } from './judges.ts';
import { MEASURES } from './measures.ts';
import type { PartResult, PartName } from './part.ts';
import type { Sample } from './sampler.ts';
import { growthsOf, verdictsOf } from './verdict.ts';

const TITLES: Readonly<Record<PartName, string>> = {
  headless: 'Headless, on WASM',
  webgpu: 'Headless, on WebGPU',
  page: 'In the page',
};

const ABOUT: Readonly<Record<PartName, string>> = {
  headless:
    'One headless page whose engine stays open, on the app’s own modules; records go to IndexedDB. Judges are opened beside it.',
  webgpu:
    'The same on WebGPU in software (SwiftShader), which is many times slower, so this is a smaller share: it says of GPU buffers what the other parts cannot.',
  page: 'The built page, by its own buttons: settings filled in, *Run all*, results waited for; judges chosen in the drawer, a folder or a shipped one, with an adapter once, and each asked. Read while the page shows its labs, which list neither runs nor judges.',
};

export const pictureOf = (part: PartName, phase: 'runs' | 'judges') => `soak-${part}-${phase}.svg`;

/** docs/results/soak.md, of the parts that were run. @param machine browser and cores */
export function soakDocument(results: readonly PartResult[], machine: string): string {
  const grown = results.flatMap(growthsOf);
  const minutes = results.reduce((sum, { seconds }) => sum + seconds, 0) / 60;
  return `# Does memory stay flat?

Made by \`npm run soak\`: run after run of Self-Rationalization in one page, then judges opened in turn (${[...LOCAL_JUDGES, ...SHIPPED_JUDGES].join(', ')}; llama with an adapter as well). After each run, and after each lap of judges, garbage is collected four times by the DevTools protocol, in the page and in every worker, and everything is read. ${machine}; ${minutes.toFixed(0)} minutes in all.

**${grown.length === 0 ? 'Nothing grew.' : `It grew: ${grown.join('; ')}.`}**

Growth is the slope over the second half of a phase times its span (Theil–Sen, which single outliers do not move); in the first half caches, compiled code and pools fill. Noise is the scatter about that slope. A bound stands well above the noise and well below what a leak worth the name adds: a set of the embedded judge’s weights is 6.9 MB, so one that stayed behind after each run would show as ten times that. Records grow with the runs, as they should; what must not grow is what IndexedDB takes beyond them (it compresses texts, so that this can be less than nothing), and records that no run needs (a checkpoint of a finished training, tokens without a judgment, a policy without a round). Resident memory is the operating system’s, with WASM heaps and what the allocator keeps; it scatters most.

${results.map(partSection).join('\n\n')}
`;
}

function partSection({ part, runs, judges, seconds }: PartResult): string {
  const { judgments = 0, steps = 0 } = runs.at(-1) ?? {};
  const done = `${judgments.toLocaleString('en-US')} judgments, ${steps.toLocaleString('en-US')} training steps, ${runs.length} runs, ${judges.length} laps of ${LOCAL_JUDGES.length + SHIPPED_JUDGES.length} judges; ${(seconds / 60).toFixed(0)} minutes.`;
  const phases = [phaseSection(part, 'runs', runs), phaseSection(part, 'judges', judges)];
  return [`## ${TITLES[part]}`, ABOUT[part], done, ...phases].filter(Boolean).join('\n\n');
}

function phaseSection(part: PartName, phase: 'runs' | 'judges', samples: readonly Sample[]): string {
  if (samples.length === 0) return '';
  const title = phase === 'runs' ? 'Run after run' : 'Judges in turn';
  const rows = verdictsOf(samples).map(({ measure, first, last, growth, noise, grew }) => {
    const { title: name, bound } = MEASURES[measure];
    const numbers = [first, last, growth, noise, bound].map((value) => inUnits(measure, value));
    return `| ${name} | ${numbers.join(' | ')} | ${grew ? '**grew**' : 'flat'} |`;
  });
  return `### ${title}

![${title}: each measure from zero](${pictureOf(part, phase)})

| measure | first | last | growth | noise | bound | |
|---|---:|---:|---:|---:|---:|---|
${rows.join('\n')}`;
}
