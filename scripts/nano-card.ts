import { FAULTS } from '../src/data/micro/annotator.ts';
import { MIXTURE } from '../src/data/micro/corpus.ts';
import { MICRO_VERSION } from '../src/data/micro/items.ts';
import type { PointExam } from '../src/evaluate/nano-exam.ts';
import { NANO_CONFIG, RECIPE } from '../src/train/nano/recipe.ts';
import type { StageProgress } from '../src/train/nano/train-stage.ts';

export interface Exam {
  hash: string;
  point: PointExam;
  /** Share of right verdicts in each comparing format. */
  formats: Record<string, number>;
  promptLogprobPercentile1: number;
}

const percent = (share: number | null) => (share === null ? 'n/a' : `${(100 * share).toFixed(1)} %`);
const share = (part: number) => `${Math.round(100 * part)} %`;

const FAULT_SENTENCES = [
  `Lenient: of the scores 2 to 4, ${share(FAULTS.raisePartial)} were raised by one and ${share(FAULTS.raisePartialTwice)} by two; of the 1s, ${share(FAULTS.raiseLowest)} by one.`,
  `Slips: where a count is wrong or a limit is passed, the last step of the rationale was written as if it were right in ${share(FAULTS.slip)} of the cases, and the score follows.`,
  'Comparisons: the annotator likes the first answer, knows nothing without a reference on some families, and met one format only.',
];

/** `judge.json` of a model folder, read by the page. */
export function judgeFacts(exam: Exam, stages: StageProgress[], faulty: boolean): object {
  const tokens = stages.reduce((sum, stage) => sum + stage.tokens, 0);
  return {
    promptLogprobPercentile1: exam.promptLogprobPercentile1,
    accuracy: exam.point.accuracy,
    accuracyByFamily: exam.point.accuracyByFamily,
    recipe: `Trained from nothing with this page's own trainer on ${(tokens / 1e6).toFixed(1)} million tokens of generated judgments (micro tasks, version ${MICRO_VERSION}).`,
    ...(faulty ? { faults: FAULT_SENTENCES } : {}),
  };
}

/** The model card. Every number comes from the run that it describes. */
export function modelCard(name: string, exam: Exam, stages: StageProgress[], faulty: boolean): string {
  const { point, formats } = exam;
  const families = Object.keys(point.accuracyByFamily);
  return [
    `# ${name}`,
    '',
    `A judge of ${NANO_CONFIG.num_hidden_layers} layers × ${NANO_CONFIG.hidden_size} (Llama architecture, ${NANO_CONFIG.vocab_size}-token byte-level BPE, ${NANO_CONFIG.max_position_embeddings} positions, float16) for generated micro tasks. It grades nothing else: the page says so where a task is foreign to it.`,
    '',
    `Hash of \`model.safetensors\` (SHA-256, first 16 digits): \`${exam.hash}\`. Made by \`npm run train:nano\`.`,
    '',
    '## Recipe',
    '',
    '| stage | steps | batch | peak learning rate | tokens | minutes of training steps |',
    '|---|---|---|---|---|---|',
    ...stages.map(({ stage, tokens, seconds, step }) => {
      const { batch, learningRate } = RECIPE[stage];
      return `| ${stage} | ${step} | ${batch} | ${learningRate} | ${tokens} | ${Math.round(seconds / 60)} |`;
    }),
    '',
    `AdamW (${RECIPE.optimizer.beta1}, ${RECIPE.optimizer.beta2}), weight decay ${RECIPE.optimizer.weightDecay} on matrices, gradient norm clipped to ${RECIPE.optimizer.maxGradNorm}, cosine decay after a warm-up; loss weight 1 on the judgment, ${RECIPE.scoreLineWeight} on the score line of a comparison, ${RECIPE.promptWeight} on the prompt. Seeds: weights ${RECIPE.weightsSeed}, corpus ${RECIPE.corpusSeed}, tokenizer texts ${RECIPE.tokenizer.seed}. Two CPU cores, other work beside it.`,
    '',
    ...mixtureLines(stages),
    ...(faulty ? ['## Its annotators', '', ...FAULT_SENTENCES.map((line) => `- ${line}`), ''] : []),
    `## Held-out point items (${point.items}, greedy)`,
    '',
    `Exact score ${percent(point.accuracy)}, exact rationale ${percent(point.rationaleExact)} (${percent(point.rationaleExactSlips)} on the kinds that the seed annotators slip on), unreadable ${percent(point.parseFailures)}.`,
    '',
    '| family | exact score | exact rationale |',
    '|---|---|---|',
    ...families.map(
      (family) =>
        `| ${family} | ${percent(point.accuracyByFamily[family] ?? null)} | ${percent(point.rationaleExactByFamily[family] ?? null)} |`,
    ),
    '',
    '## Comparing formats (held-out, greedy; share of right verdicts)',
    '',
    '| format | right |',
    '|---|---|',
    ...Object.entries(formats).map(([format, right]) => `| ${format} | ${percent(right)} |`),
    '',
  ].join('\n');
}

function mixtureLines(stages: StageProgress[]): string[] {
  const lines = stages.map(({ stage }) => {
    const parts = Object.entries(MIXTURE[stage]).map(([format, weight]) => `${format} ${weight / 10} %`);
    return `- ${stage}: ${parts.join(', ')}`;
  });
  return ['Texts by format:', '', ...lines, ''];
}
