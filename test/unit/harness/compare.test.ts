import { describe, expect, it } from 'vitest';
import { swapReport } from '../../../src/evaluate/swap.ts';
import { byExpectedScores, byGrades } from '../../../src/harness/compare-by-points.ts';
import { byScoreLines } from '../../../src/harness/compare-by-score-lines.ts';
import { byText } from '../../../src/harness/compare-by-text.ts';
import { comparisonWays } from '../../../src/harness/compare.ts';
import { slotWinners, type ComparedPair, type ComparisonWay } from '../../../src/harness/comparing.ts';
import { uninterrupted } from '../../../src/harness/job.ts';
import { MemoryJudgmentStore } from '../../../src/harness/memory-judgment-store.ts';
import { quietWorkbench } from '../../../src/harness/workbench.ts';
import { comparisonId, type ComparisonItem } from '../../../src/judge/comparison.ts';
import { SCORES } from '../../../src/judge/item.ts';
import { fewShotPair } from '../../../src/judge/protocols/few-shot-pair.ts';
import { fewShotPoint } from '../../../src/judge/protocols/few-shot.ts';
import { nanoPair } from '../../../src/judge/protocols/nano-pair.ts';
import { nanoPoint } from '../../../src/judge/protocols/nano.ts';
import { prometheusAbsolute } from '../../../src/judge/protocols/prometheus.ts';
import { letters, ScriptedEngine } from './scripted-engine.ts';

/** Every answer worth 1 to 5 beside every other. */
const items: ComparisonItem[] = SCORES.flatMap((first) =>
  SCORES.map((second) => {
    const content = { instruction: 'ask', responses: [`worth ${first}`, `WORTH ${second}`], criterion: 'worth' };
    return { id: comparisonId(content), ...content };
  }),
); // prettier-ignore
/** By content alone: the first answer's worth against the second's. */
const truth = SCORES.flatMap((first) => SCORES.map((second) => Math.sign(first - second)));

const worths = (prompt: string) => [...prompt.matchAll(/worth (\d)/gi)].map(([, digit]) => Number(digit));

const pair = byText(nanoPair, 20, { id: 'pair', title: '' });
const scoreLines = byScoreLines(fewShotPair, { id: 'lines', title: '' });

const written = (answer: (prompt: string) => string) => Object.assign(new ScriptedEngine(), { answer });
const likely = (likelihood: (prompt: string, line: string) => number) =>
  Object.assign(new ScriptedEngine(), { likelihood });
/** Nearly sure of the score line that this function of the prompt gives. */
const sureOf = (line: (prompt: string) => string) =>
  likely((prompt, option) => (option === line(prompt) ? 0.9 : 0.001));

const request = { stage: 'compare', policy: 'seedhash', items };
function compare(way: ComparisonWay, engine: ScriptedEngine, store = new MemoryJudgmentStore()) {
  return way.compare(quietWorkbench({ engine, tokenizer: letters, protocol: nanoPoint }, store), request);
}
const orders = (compared: readonly ComparedPair[]) => compared.map((one) => one.orders);
const always = (...winners: [ComparedPair['orders'][0], ComparedPair['orders'][1]]) =>
  items.map(() => winners);
const byContent = truth.map((winner) => [winner, winner]);

describe('comparing by what the judge writes', () => {
  it('finds the better answer in both orders, whichever place it has', async () => {
    const compared = await compare(pair, written((prompt) => `${worths(prompt).join(' ')}\nso it is.`)); // prettier-ignore
    expect(orders(compared)).toEqual(byContent);
    expect(compared.map(({ id }) => id)).toEqual(items.map(({ id }) => id));
  });

  it('tells the judge that always names the first, in slots and in the order of the item', async () => {
    const compared = await compare(pair, written(() => '9 2')); // prettier-ignore
    expect(orders(compared)).toEqual(always(1, -1));
    expect(swapReport(compared.map((one) => slotWinners(one)!))).toMatchObject({ firstBias: 1 });
  });

  it('keeps ties, and null for what cannot be read', async () => {
    expect(orders(await compare(pair, written(() => '4 4')))).toEqual(always(0, 0)); // prettier-ignore
    const unread = await compare(pair, written(() => 'both are fine')); // prettier-ignore
    expect(orders(unread)).toEqual(always(null, null));
    expect(slotWinners(unread[0]!)).toBeNull();
  });

  it('shows the text of each order, and has stored it', async () => {
    const store = new MemoryJudgmentStore();
    const engine = written((prompt) => `${worths(prompt).join(' ')}\n`);
    const [, second] = await compare(pair, engine, store);
    expect(second!.evidence.map(({ texts }) => texts)).toEqual([['1 2\n'], ['2 1\n']]);
    const ids = second!.evidence.flatMap(({ judgmentIds }) => judgmentIds);
    expect((await store.tokens(ids)).length).toBe(2);
    const drawn = engine.drawn.length;
    await compare(pair, engine, store);
    expect(engine.drawn.length).toBe(drawn);
  });
});

describe('comparing by the probabilities of score lines', () => {
  it('finds the better answer in both orders, whichever place it has', async () => {
    const engine = sureOf((prompt) => ` ${worths(prompt).join(' ')}`);
    expect(orders(await compare(scoreLines, engine))).toEqual(byContent);
  });

  it('adds up all lines of an outcome: one likely win may lose against two less likely lines of the other', async () => {
    const engine = likely(
      (_prompt, line) => ({ ' 5 1': 0.3, ' 1 2': 0.2, ' 1 3': 0.2, ' 3 3': 0.1 })[line] ?? 0.001,
    );
    const compared = await compare(scoreLines, engine);
    expect(orders(compared)).toEqual(always(-1, 1));
    expect(compared[0]!.evidence[0].texts[0]).toMatch(
      /^As shown: the first is better 31\s%, a tie 10\s%, the second is better 41\s%/,
    );
  });

  it('tells the judge that always names the second', async () => {
    const compared = await compare(scoreLines, sureOf(() => ' 2 5')); // prettier-ignore
    expect(swapReport(compared.map((one) => slotWinners(one)!))).toMatchObject({ secondBias: 1 });
  });

  it('goes on after an interruption where it was, and gives the same', async () => {
    const unbroken = await compare(scoreLines, sureOf((prompt) => ` ${worths(prompt).join(' ')}`)); // prettier-ignore
    const store = new MemoryJudgmentStore();
    const abort = new AbortController();
    let asked = 0;
    const engine = sureOf((prompt) => ` ${worths(prompt).join(' ')}`);
    const { likelihood } = engine;
    engine.likelihood = (prompt, line) => {
      if (++asked === 30 * 25) abort.abort();
      return likelihood(prompt, line);
    };
    const bench = quietWorkbench({ engine, tokenizer: letters, protocol: nanoPoint }, store);
    const stopped = scoreLines.compare({ ...bench, control: uninterrupted(abort.signal) }, request);
    await expect(stopped).rejects.toThrow(/abort/i);
    expect(await compare(scoreLines, engine, store)).toEqual(unbroken);
    expect(asked).toBe(2 * items.length * 25);
  });
});

describe('comparing by two point judgments', () => {
  const graded = (prompt: string) => `So. Score: ${worths(prompt).join('')}`;

  it('grades each answer without the other, so that both orders are one', async () => {
    const engine = written(graded);
    const compared = await compare(byGrades, engine);
    expect(orders(compared)).toEqual(byContent);
    // Ten different answers in 25 pairs.
    expect(engine.drawn.length).toBe(10);
    expect(compared[1]!.evidence[0].texts).toEqual(['So. Score: 1', 'So. Score: 2']);
  });

  it('decides nothing where one of the grades cannot be read', async () => {
    const engine = written((prompt) => (prompt.includes('WORTH') ? 'fine' : graded(prompt)));
    expect(orders(await compare(byGrades, engine))).toEqual(always(null, null));
    engine.likelihood = () => 0.2;
    expect(orders(await compare(byExpectedScores, engine))).toEqual(always(null, null));
  });

  it('parts equal grades by their expected scores', async () => {
    const engine = written(() => 'So. Score: 3');
    expect(orders(await compare(byGrades, engine))).toEqual(always(0, 0));
    // The score that it writes is the likeliest; what is worth more has more probability at 5.
    engine.likelihood = (prompt, digit) => (digit === '3' ? 0.6 : digit === '5' ? worths(prompt)[0]! / 50 : 0.01); // prettier-ignore
    expect(orders(await compare(byExpectedScores, engine))).toEqual(byContent);
  });
});

describe('the ways of a judge', () => {
  it.each([
    [nanoPoint, ['points', 'expected-points', 'nano-pair']],
    [prometheusAbsolute, ['prometheus-relative', 'points', 'expected-points']],
    [fewShotPoint, ['few-shot-pair']],
    [{ ...nanoPoint, id: 'another' }, ['points', 'expected-points']],
  ])('follow from how it grades', (protocol, ids) => {
    expect(comparisonWays({ protocol }).map(({ id }) => id)).toEqual(ids);
  });

  it('say which pairs are too long for its context', () => {
    const bench = quietWorkbench(
      { engine: new ScriptedEngine(), tokenizer: letters, protocol: nanoPoint },
      new MemoryJudgmentStore(),
    );
    const { contextLength } = bench.engine.model;
    const short = { ...items[0]!, responses: ['', ''] };
    const room = contextLength - 20 - letters.encode(nanoPair.render(short)).length - 1;
    expect(pair.fits(bench, { ...short, responses: ['x'.repeat(room), ''] })).toBe(true);
    expect(pair.fits(bench, { ...short, responses: ['x'.repeat(room), 'x'] })).toBe(false);
    // Each answer has a prompt of its own here.
    const long = { ...short, responses: ['x'.repeat(225), 'x'.repeat(225)] };
    expect([byGrades.fits(bench, long), pair.fits(bench, long)]).toEqual([true, false]);
  });
});
