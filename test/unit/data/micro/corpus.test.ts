import { describe, expect, it } from 'vitest';
import { readComparison } from '../../../../src/judge/protocols/nano-pair.ts';
import { readPreference } from '../../../../src/judge/protocols/nano-meta.ts';
import { readNanoPoint } from '../../../../src/judge/protocols/nano.ts';
import { FAULTS, faithful, imperfect } from '../../../../src/data/micro/annotator.ts';
import { examText, trainingText, type Stage, type TrainingText } from '../../../../src/data/micro/corpus.ts';
import { drawMicro } from '../../../../src/data/micro/items.ts';
import { RandomStream } from '../../../../src/data/micro/random.ts';
import { splitOf, microSplitKey } from '../../../../src/data/split.ts';

const texts = (stage: Stage, count = 2000) =>
  Array.from({ length: count }, (_, i) => trainingText(stage, 1, i));

/** Every instruction with each response (and reference) that stands in a prompt. */
function answersIn({ parts }: TrainingText): { instruction: string; response: string }[] {
  return parts.flatMap(({ prompt }) => {
    const sections = [...prompt.matchAll(/### ([A-Z][a-z]+)(?: \d)?\n([^#]*)\n/g)];
    const instruction = sections[0]![2]!;
    return sections
      .filter(([, title]) => title === 'Response' || title === 'Reference')
      .map(([, , response]) => ({ instruction, response: response! }));
  });
}

describe.each(['base', 'seed'] as const)('the %s corpus', (stage) => {
  it('depends on stage, seed and index alone', () => {
    expect(trainingText(stage, 3, 17)).toEqual(trainingText(stage, 3, 17));
    expect(trainingText(stage, 3, 17)).not.toEqual(trainingText(stage, 3, 18));
  });

  it('holds answers of the train part only', () => {
    for (const answer of texts(stage, 1000).flatMap(answersIn))
      expect(splitOf(microSplitKey(answer))).toBe('train');
  });

  it('has completions that the protocols can read', () => {
    for (const { format, parts } of texts(stage))
      for (const { prompt, completion } of parts) {
        const answers = prompt.match(/### Response \d/g)?.length ?? 1;
        const read = { pair: readComparison, meta: readPreference, point: readNanoPoint };
        const kind = format === 'meta' ? 'meta' : prompt.endsWith('### Scores\n') ? 'pair' : 'point';
        expect(read[kind](completion, answers).verdict.kind).not.toBe('failure');
      }
  });
});

describe('exam questions', () => {
  it.each(['point', 'pair-reference', 'several', 'single', 'meta'] as const)('are held out: %s', (format) => {
    const exam = Array.from({ length: 30 }, (_, i) => examText(format, 'heldout', 1, i));
    for (const answer of exam.flatMap(answersIn)) expect(splitOf(microSplitKey(answer))).toBe('heldout');
  });
});

describe('what the seed stage lacks', () => {
  it('is every comparison but two answers without a reference', () => {
    const prompts = texts('seed').flatMap(({ parts }) => parts.map(({ prompt }) => prompt));
    expect(prompts.some((prompt) => prompt.includes('### Reference'))).toBe(false);
    expect(prompts.some((prompt) => prompt.includes('### Response 3'))).toBe(false);
  });
});

describe('annotators', () => {
  const answers = Array.from(
    { length: 6000 },
    (_, index) => drawMicro(new RandomStream('annotators', index), 'train').answer,
  );
  const share = <T>(list: readonly T[], test: (element: T) => boolean) =>
    list.filter(test).length / list.length;
  const judged = answers.map((answer, i) => ({ answer, ...imperfect(answer, new RandomStream('judge', i)) }));

  it('write the truth when faithful', () => {
    for (const answer of answers.slice(0, 200))
      expect(faithful(answer, new RandomStream(0)).score).toBe(answer.score);
  });

  it('let faults stand in the slip condition as often as is said', () => {
    const slips = judged.filter(({ answer }) => answer.slip);
    const slipped = share(slips, ({ answer, rationale }) => rationale.endsWith(answer.slip!.summary));
    expect(slipped).toBeCloseTo(FAULTS.slip, 1);
  });

  it('raise partial credit as often as is said, and never lower a score', () => {
    const clear = judged.filter(({ answer }) => !answer.slip);
    const partial = clear.filter(({ answer }) => answer.score > 1 && answer.score < 5);
    const raised = share(partial, ({ answer, score }) => score > answer.score);
    expect(raised).toBeCloseTo(FAULTS.raisePartial + FAULTS.raisePartialTwice, 1);
    expect(clear.every(({ answer, score }) => score >= answer.score)).toBe(true);
  });
});
