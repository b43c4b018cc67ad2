import { reportHtml, type Named, type ReportWords } from '../../../harness/report-html.ts';
import { formatCount, formatDate, formatDuration } from '../../../harness/format.ts';
import { writtenForFile } from '../../../harness/reader-locale.ts';
import { nameInShort } from '../../../harness/shown-text.ts';
import { reportOf, sentenceOf } from '../../../labs/self-rationalization/report.ts';
import type { Run } from '../../../rationalize/records.ts';
import type { JudgeResults, RoundResults } from '../../../rationalize/round-results.ts';
import { runBlocks, type RunFindings } from '../../../rationalize/run-report.ts';
import { drawnBlocks } from '../blocks/drawnBlocks.ts';
import { plainBlock } from '../blocks/plainBlock.ts';
import { SETTING_GROUPS, settingValue } from '../settingFields.ts';
import { versionFacts } from './versionFacts.ts';

/** A run with everything that its report shows. */
export interface ReportedRun extends RunFindings {
  run: Run;
  remap: JudgeResults;
  rounds: readonly RoundResults[];
  /** What was judged: the project's name, and its items in all. */
  data: { name: string; items: number };
  /** Seconds of all rounds. */
  seconds: number;
}

/** A run of Self-Rationalization as an HTML file. */
export async function runReport(reported: ReportedRun): Promise<Blob> {
  const { words, blocks } = writtenForFile(() => ({
    words: wordsOf(reported),
    blocks: [...reportOf(reported), ...runBlocks(reported)].map(plainBlock),
  }));
  const pictures = await drawnBlocks(blocks);
  const text = writtenForFile(() => reportHtml(words, blocks, pictures));
  return new Blob([text], { type: 'text/html' });
}

function wordsOf(reported: ReportedRun): ReportWords {
  const { run } = reported;
  return {
    title: `Self-Rationalization: run “${nameInShort(run.name)}”`,
    about:
      'A judge graded the same items several times; judgments that hit the label were preferred to judgments that missed ' +
      'it, and DPO trained it on these pairs. Results are on held-out items that nothing was trained or tuned on.',
    says: sentenceOf(reported),
    facts: factsOf(reported),
    settings: SETTING_GROUPS.map(({ title, fields }) => ({
      title,
      values: fields.map(({ key, field }) => [field.label, settingValue(key, run.settings[key])] as const),
    })),
  };
}

function factsOf({ run, rounds, before, data, seconds }: ReportedRun): Named {
  const device = run.devices
    ?.map((one) => [one.backend, one.device].filter(Boolean).join(', '))
    .join('; then ');
  return [
    ['begun', formatDate(run.created)],
    ['judge before', `hash ${run.seedPolicy}`],
    ...rounds.map(({ round, policy }) => [`judge after round ${round}`, `hash ${policy}`] as const),
    ['asked by', run.protocol],
    [
      'data',
      `${nameInShort(data.name)}, ${formatCount(data.items)} items, of which ${formatCount(before.items)} held out`,
    ],
    ['time', formatDuration(seconds)],
    ...(device ? [['device', device] as const] : []),
    ...versionFacts(run.versions ?? []),
  ];
}
