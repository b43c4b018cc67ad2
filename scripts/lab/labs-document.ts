import { formatDuration } from '../../src/harness/format.ts';
import { valueInWords } from '../../src/harness/fields.ts';
import { escape } from '../../src/harness/report-text.ts';
import type { Lab } from '../../src/labs/lab.ts';
import { reportOfLab, type LabJson } from '../../src/labs/lab-json.ts';

/** A lab's run by the judge, as it is kept in the work folder. */
export interface TimedLab extends LabJson {
  /** Wall clock of the headless run, start of the browser included. */
  seconds: number;
  /** Load average of the machine over the last minute when it ended. */
  load: number;
}

/** Everything that the document says of one lab. */
export interface LabResults {
  lab: Lab;
  run: TimedLab;
  /** From verdicts that ship; null where a lab has none. */
  released: LabJson | null;
}

/** Thrown when the runs in the work folder do not belong together. */
export class MixedRunsError extends Error {
  override name = 'MixedRunsError';
}

/** docs/results/labs.md: every number in it comes from the runs. @throws MixedRunsError when several judges made them */
export function labsDocument(results: readonly LabResults[], machine: string): string {
  return [
    '# The labs on the embedded judge',
    `Made by \`npm run results:labs\`, which runs \`npm run lab -- <id> --backend wasm\` for every lab with its default settings, and \`--verdicts released\` for those whose papers’ verdicts ship. ${judgeText(results)}; ${machine}.`,
    'Intervals are of 95 %. The records behind the numbers (items, answers, rationales) are one click away on the page, at `#/labs`. Seconds are wall clock of the whole headless run, the start of the browser included; at a load well above the number of cores they are upper bounds.',
    overview(results),
    ...results.map(sectionOf),
  ].join('\n\n');
}

function judgeText(results: readonly LabResults[]): string {
  const judges = new Set(
    results.flatMap(({ run: { judge } }) =>
      judge ? [`Judge \`${judge.name}\`, hash \`${judge.hash}\`, backend ${judge.backend}`] : [],
    ),
  );
  if (judges.size > 1)
    throw new MixedRunsError(
      `The runs in the work folder are by several judges (${[...judges].join('; ')}). Delete the folder and run all anew.`,
    );
  return [...judges].join('');
}

function overview(results: readonly LabResults[]): string {
  const rows = results.map(({ lab, run: { seconds, load } }) =>
    [escape(lab.title), escape(lab.question), formatDuration(seconds), load.toFixed(0)].join(' | '),
  );
  return ['| lab | question | time | load |', '|---|---|---:|---:|', ...rows.map((row) => `| ${row} |`)].join(
    '\n',
  );
}

function sectionOf({ lab, run, released }: LabResults): string {
  const { title, authors, year, arxiv } = lab.paper;
  return [
    reportOfLab(lab, run, '##'),
    `Paper: ${escape(title)} (${escape(authors)} ${year}, https://arxiv.org/abs/${arxiv}). Command: \`npm run lab -- ${lab.id} --backend wasm\`, ${formatDuration(run.seconds)}.`,
    `Settings: ${settingsText(lab, run)}.`,
    ...(released && lab.released
      ? [
          reportOfLab(lab, released, '###'),
          `Released verdicts: ${escape(lab.released.name)}. Source: ${escape(lab.released.source)}`,
        ]
      : []),
  ].join('\n\n');
}

function settingsText({ fields }: Lab, { settings }: LabJson): string {
  const texts = Object.entries(fields).map(
    ([key, field]) => `${field.label}: ${valueInWords(field, settings[key]!)}`,
  );
  return escape(texts.join('; '));
}
