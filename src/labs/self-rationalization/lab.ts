import { BUILT_IN_COUNTS } from '../../data/micro/built-in.ts';
import { MICRO_VERSION } from '../../data/micro/items.ts';
import type { Field } from '../../harness/fields.ts';
import { estimateCost } from '../../rationalize/cost.ts';
import { PRESETS, presetSettings } from '../../rationalize/presets.ts';
import type { Results } from '../../rationalize/results.ts';
import { rationalize } from '../../rationalize/run.ts';
import { RUN_FIELDS, type RunSettings } from '../../rationalize/settings.ts';
import { factsAbout } from '../data-facts.ts';
import { defineLab } from '../lab.ts';
import { reportOf, sentenceOf } from './report.ts';

const QUICK = presetSettings('quick');

/** A run's own settings; a lab begins with the quick ones. */
const fields = Object.fromEntries(
  Object.entries(RUN_FIELDS).map(([key, field]): [string, Field] => [
    key,
    { ...field, default: QUICK[key as keyof RunSettings] } as Field,
  ]),
) as typeof RUN_FIELDS;

export const lab = defineLab<typeof RUN_FIELDS, Results>({
  id: 'self-rationalization',
  title: 'Self-Rationalization',
  group: 'improve',
  paper: {
    title: 'Self-rationalization improves LLM as a fine-grained judge',
    authors: 'Trivedi and others',
    year: 2024,
    arxiv: '2410.05495',
  },
  question: 'Can a judge get better from its own rationales, with nobody writing one for it?',
  about:
    'The judge writes several rationales for each training item. Those that end in the true score are preferred to ' +
    'those that miss it, DPO learns the preference, and the better judge writes the next ones. Held-out items say ' +
    'whether it helped, beside what mere recalibration would give.',
  needs: { subjects: 'one answer at a time', labels: true, ownItems: true, trainable: true },
  fields,
  main: ['rounds', 'itemsPerRound', 'samples'],
  presets: Object.fromEntries(
    Object.entries(PRESETS).map(([name, preset]) => [
      name,
      { ...preset, changes: name === 'standard' ? presetSettings('standard') : preset.changes },
    ]),
  ),
  cost: (settings, speed) => {
    const supply = { train: Infinity, heldout: Infinity };
    const { stages, bytes } = estimateCost(settings, supply, speed, { parameters: NANO_PARAMETERS });
    return stages.map(({ round, stage, seconds }, i) => ({
      stage: round ? `round ${round}: ${stage}` : stage,
      seconds,
      bytes: i === 0 ? bytes : 0,
    }));
  },
  data: () => factsAbout('built-in micro tasks', { generator: MICRO_VERSION }, BUILT_IN_ITEMS),
  run: async (bench, settings) => {
    const { engine, tokenizer, protocol, store, control, emit, runId, projectId } = bench;
    const result = await rationalize({
      engine,
      tokenizer,
      protocol,
      store,
      control,
      // The bench's own control tells progress already.
      onEvent: (event) => {
        if (event.type !== 'progress') emit(event);
      },
      runId,
      projectId,
      items: bench.items ?? (await bench.builtInItems()),
      settings,
    });
    return { result: result! };
  },
  report: reportOf,
  paperFound:
    'Two rounds with an 8-billion-parameter judge: people preferred its rationales to those of the judge that it ' +
    'started from in 55 % of comparisons, and its scores beat larger judges that were only fine-tuned by 3 to 9 %.',
  says: sentenceOf,
});

/** The embedded judge's, whose stored policies a run keeps. */
const NANO_PARAMETERS = 1_700_000;
const BUILT_IN_ITEMS = Object.values(BUILT_IN_COUNTS).reduce((sum, part) => sum + part, 0);
