import { describe, expect, it } from 'vitest';
import { examQuestions } from '../../../src/data/micro/exam.ts';
import { defaultsOf } from '../../../src/harness/fields.ts';
import { nanoAnswer } from '../../../src/judge/protocols/nano-answer.ts';
import { random } from '../../../src/judge/random.ts';
import type { VerdictRow } from '../../../src/judge/verdict-table.ts';
import { VerdictsError, type LabBench } from '../../../src/labs/lab.ts';
import { EXAM_FAMILIES } from '../../../src/labs/selective-generation/ask.ts';
import { lab } from '../../../src/labs/selective-generation/lab.ts';
import type { SelectiveResult } from '../../../src/labs/selective-generation/result.ts';
import { letters } from '../harness/scripted-engine.ts';
import { labBench } from './lab-bench.ts';
import { OracleEngine } from './oracle-engine.ts';
import { atOnce } from '../../../src/judge/steps.ts';

const SETTINGS = defaultsOf(lab.fields);

function row(given: Partial<VerdictRow>): VerdictRow {
  const none = { group: null, judge: null, taker: null, order: null, variant: null };
  return { item: 'item', ...none, verdict: null, label: null, ...given };
}

/** One answer to each question. */
function rowsOf(verdicts: readonly number[], labels: readonly number[], judge = 'measure'): VerdictRow[] {
  return verdicts.map((verdict, i) => row({ item: `answer ${i}`, judge, verdict, label: labels[i]! }));
}

function analysed(rows: readonly VerdictRow[]): SelectiveResult {
  return lab.analyse!(rows, SETTINGS).result as SelectiveResult;
}

/** A judge of a fixed skill, which answers two questions in five rightly: the oracle engine's guesses rarely are. */
class SkilledEngine extends OracleEngine {
  readonly #answers = new Map(
    atOnce(examQuestions('heldout', Number(SETTINGS['seed']), 200, EXAM_FAMILIES)).map((question) => [
      nanoAnswer.render(question),
      question.reference,
    ]),
  );

  constructor(skill: number) {
    super();
    this.skill = skill;
  }
  override async usePolicy() {}

  override generate(...[tasks, sampling, onCompletion, options]: Parameters<OracleEngine['generate']>) {
    return super.generate(
      tasks,
      sampling,
      (completion) => {
        const reference = this.#answers.get(letters.decode(tasks[completion.task]!.prompt.subarray(1)));
        const knows = random('knows', tasks[completion.task]!.key, completion.sample)() < 0.4;
        if (reference === undefined || !knows) {
          onCompletion(completion);
          return;
        }
        const ids = letters.encode(`${reference}\n\0`);
        onCompletion({ ...completion, ids, logprobs: new Float32Array(ids.length).fill(-0.1) });
      },
      options,
    );
  }
}

async function run(bench: Partial<LabBench>, settings: object = {}) {
  const small = { ...SETTINGS, questions: 40, ...settings };
  const { result, exhibits } = await lab.run(labBench(bench), small);
  return { result: result as SelectiveResult, exhibits: exhibits! };
}

describe('a file of verdicts', () => {
  it.each([
    { verdicts: [0.1, 0.4, 0.35, 0.8], labels: [0, 0, 1, 1], auc: 0.75 },
    { verdicts: [0.5, 0.5, 0.9, 0.5, 0.2], labels: [1, 1, 1, 0, 0], auc: 5 / 6 },
  ])('has the Calibration-AUC $auc', ({ verdicts, labels, auc }) => {
    expect(analysed(rowsOf(verdicts, labels)).measures['measure']!.calibrationAuc).toBeCloseTo(auc, 12);
  });

  it('has the known curve and Selective-AUC', () => {
    const { measures, curves } = analysed(rowsOf([0.9, 0.8, 0.7, 0.6], [1, 0, 1, 0]));
    expect(curves['measure']!.map(({ coverage }) => coverage)).toEqual([0.25, 0.5, 0.75, 1]);
    expect(curves['measure']!.map(({ quality }) => quality)).toEqual([1, 0.5, 2 / 3, 0.5]);
    expect(measures['measure']).toMatchObject({ accuracy: 0.5, questions: 4 });
    expect(measures['measure']!.selectiveAuc).toBeCloseTo(2 / 3, 12);
  });

  it('lets each measure pick within a group, and none get more than the questions hold', () => {
    const answers = [
      { group: 'q1', item: 'a', label: 0, good: 0.1, bad: 0.9 },
      { group: 'q1', item: 'b', label: 1, good: 0.8, bad: 0.2 },
      { group: 'q2', item: 'c', label: 1, good: 0.7, bad: 0.6 },
      { group: 'q2', item: 'd', label: 0, good: 0.3, bad: 0.1 },
      { group: 'q3', item: 'e', label: 0, good: 0.2, bad: 0.5 },
    ];
    const rows = answers.flatMap(({ good, bad, ...answer }) => [
      row({ ...answer, judge: 'bad', verdict: bad }),
      row({ ...answer, judge: 'good', verdict: good }),
    ]);
    const result = analysed(rows);
    expect(result.measures['good']!.accuracy).toBeCloseTo(2 / 3, 12);
    expect(result.measures['bad']!.accuracy).toBeCloseTo(1 / 3, 12);
    expect(result.ahead['good']!.accuracy).toBeCloseTo(1 / 3, 12);
    expect(result.randomPick).toBeCloseTo(1 / 3, 12);
    expect(result.atLeastOneRight).toBeCloseTo(2 / 3, 12);
    expect(result).toMatchObject({ baseline: 'bad', compared: 'good', questions: 3, answers: 5 });
  });

  it('gains nothing by the order of answers that are rated alike', () => {
    const rows = Array.from({ length: 200 }, (_, i) => [
      row({ group: `q${i}`, item: `${i} right`, verdict: 1, label: 1 }),
      row({ group: `q${i}`, item: `${i} wrong`, verdict: 1, label: 0 }),
    ]);
    const { accuracy, calibrationAuc } = analysed(rows.flat()).measures['verdict']!;
    expect(Math.abs(accuracy! - 0.5)).toBeLessThan(0.1);
    expect(calibrationAuc).toBe(0.5);
  });

  it('picks what could not be read last', () => {
    const rows = [
      row({ group: 'q', item: 'a', verdict: null, label: 0 }),
      row({ group: 'q', item: 'b', verdict: -100, label: 1 }),
    ];
    expect(analysed(rows).measures['verdict']!.accuracy).toBe(1);
  });

  it('shows nothing where two measures are the same', () => {
    const rows = ['one', 'other'].flatMap((judge) => rowsOf([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1], judge));
    expect(lab.says(analysed(rows), SETTINGS)).toMatch(/^Nothing is shown/);
  });

  it.each([
    ['no label', [row({ verdict: 1 })], /"label" must hold 1/],
    ['a label that is neither', [row({ verdict: 1, label: 3 })], /needs 1 \(right\) or 0/],
    ['a verdict that is no number', [row({ verdict: 'first', label: 1 })], /needs numbers/],
    [
      'two verdicts on an answer',
      rowsOf([1, 1], [1, 1]).map((one) => ({ ...one, item: 'a' })),
      /two verdicts/,
    ],
    [
      'two labels of an answer',
      [row({ judge: 'a', verdict: 1, label: 1 }), row({ judge: 'b', verdict: 1, label: 0 })],
      /right or wrong/,
    ],
  ])('is refused in words for %s', (_, rows, message) => {
    expect(() => lab.analyse!(rows, SETTINGS)).toThrow(VerdictsError);
    expect(() => lab.analyse!(rows, SETTINGS)).toThrow(message);
  });
});

describe('the judge itself', () => {
  it('finds every right answer that there is when it grades like the oracle, and knows which', async () => {
    const { result } = await run({ engine: new SkilledEngine(1) });
    const { accuracy, calibrationAuc } = result.measures['eval5']!;
    expect(accuracy).toBe(result.atLeastOneRight);
    expect(calibrationAuc).toBe(1);
    expect(result.atLeastOneRight).toBeGreaterThan(0.7);
    expect(result.randomPick).toBeLessThan(0.6);
  });

  it('knows nothing when all scores are equally likely to it', async () => {
    const { result } = await run({ engine: new SkilledEngine(0.2) }, { questions: 200 });
    // Not exactly ½: now and then none of the judgments on a question can be read, and its pick comes last.
    expect(result.measures['eval']!.calibrationAuc).toBeCloseTo(0.5, 1);
  });

  it('is asked about each different answer once', async () => {
    const { result, exhibits } = await run({});
    expect(result.answers).toBeLessThan(40 * Number(SETTINGS['answers']));
    for (const { texts } of exhibits['all questions']!)
      expect(new Set(texts.map(([, text]) => text)).size).toBe(texts.length);
  });

  it('is judged beside the judges that were trained from it, on the same answers', async () => {
    const engine = new OracleEngine();
    const judges = ['open', 'twin'].map((name) => ({ name, policy: engine.model.hash }));
    const { result } = await run({ engine, judges });
    expect(result.measures['eval (twin)']).toEqual(result.measures['eval']);
    expect(result).toMatchObject({ baseline: 'likelihood', compared: 'eval' });
  });
});
