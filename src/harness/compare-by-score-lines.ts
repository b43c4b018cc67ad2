import type { ComparisonItem } from '../judge/comparison.ts';
import { SCORES } from '../judge/item.ts';
import type { ScoreLineProtocol } from '../judge/protocol.ts';
import { promptIds, type TextTokenizer } from '../judge/tokenizer.ts';
import { winnerByNumbers } from '../judge/verdict-number.ts';
import { turned, type Winner } from '../judge/winner.ts';
import { chunks } from './batches.ts';
import { BOTH_ORDERS, leavesRoom, type ComparingRequest, type ComparisonWay, type OrderEvidence } from './comparing.ts'; // prettier-ignore
import { formatShare } from './format.ts';
import { Meter } from './meter.ts';
import type { Workbench } from './workbench.ts';

/** All 25 score lines of two answers, as shown. */
const SCORE_LINES = SCORES.flatMap((first) =>
  SCORES.map((second) => ({ first, second, winner: winnerByNumbers(first, second) })),
);

/** Prompts per call, for which Pause waits: Gemma 3 270M computes some 220 of their tokens a second on two cores. */
const PROMPTS = 4;

/** Tokens of a score line at most: two digits, each perhaps with its space apart. */
const LINE_TOKENS = 4;

/** A question in one order. */
interface Question {
  key: string;
  item: ComparisonItem;
  order: readonly number[];
}

/**
 * Comparing by the probabilities of all score lines that could follow the prompt, for models that write what they like
 * around their verdict: the likeliest of "first wins", "tie" and "second wins" is the verdict, so none is unreadable.
 */
export function byScoreLines(
  protocol: ScoreLineProtocol,
  named: { id: string; title: string },
): ComparisonWay {
  return {
    ...named,
    hasPosition: true,
    fits: (bench, item) =>
      BOTH_ORDERS.every((order) => leavesRoom(bench, protocol, item, LINE_TOKENS, { order })),
    compare: async (bench, request) => {
      const readings = await readScoreLines(bench, protocol, request);
      return request.items.map(({ id }) => {
        const [shown, exchanged] = BOTH_ORDERS.map((order) => outcomesOf(readings.get(keyOf(id, order))!));
        return {
          id,
          orders: [likeliest(shown!), turned(likeliest(exchanged!))],
          evidence: [inWords(shown!), inWords(exchanged!)],
        };
      });
    },
  };
}

const keyOf = (itemId: string, order: readonly number[]) => `${itemId}/${order.join('')}`;

/** Log-probabilities of the 25 lines by item and order; what was read before comes from the store. */
async function readScoreLines(
  bench: Workbench,
  protocol: ScoreLineProtocol,
  request: ComparingRequest,
): Promise<Map<string, Float32Array>> {
  const { store, control, engine } = bench;
  const items = [...new Map(request.items.map((item) => [item.id, item])).values()];
  const questions = BOTH_ORDERS.flatMap((order) =>
    items.map((item): Question => ({ key: keyOf(item.id, order), item, order })),
  );
  const scope = `score-lines/${request.policy}/${protocol.id}/${engine.device.backend}`;
  const known = await store.readings(scope, questions.map(({ key }) => key)); // prettier-ignore
  const missing = questions.filter(({ key }) => !known.has(key));
  const meter = new Meter(request, questions.length, questions.length - missing.length);
  control.report(meter.progress());
  for (const part of chunks(missing, PROMPTS)) {
    await control.ready();
    const read = await readPart(bench, protocol, request, part, meter);
    await store.putReadings(scope, read);
    for (const [key, logprobs] of read) known.set(key, logprobs);
    control.report(meter.progress());
  }
  return known;
}

async function readPart(
  { engine, tokenizer, policy }: Workbench,
  protocol: ScoreLineProtocol,
  request: ComparingRequest,
  part: readonly Question[],
  meter: Meter,
): Promise<Map<string, Float32Array>> {
  const prompts = part.map(({ item, order }) => promptIds(tokenizer, protocol, item, { order }));
  await policy.use(request.policy);
  const before = meter.seconds;
  meter.start();
  const rows = await engine.continuationLogprobs(prompts, linesOf(tokenizer, protocol));
  meter.stop();
  const tokens = prompts.reduce((sum, { length }) => sum + length, 0);
  meter.add(part.length, tokens);
  await request.onSpent?.({ seconds: meter.seconds - before, tokens });
  return new Map(part.map(({ key }, i) => [key, rows[i]!]));
}

function linesOf(tokenizer: TextTokenizer, protocol: ScoreLineProtocol): Int32Array[] {
  return SCORE_LINES.map(({ first, second }) => tokenizer.encode(protocol.scoreLine(first, second)));
}

/** Probability of each outcome, as shown; together below 1, since a model may write something else. */
type Outcomes = ReadonlyMap<Winner, number>;

/** In the order in which equal probabilities are decided. */
const OUTCOMES: readonly Winner[] = [1, 0, -1];

function outcomesOf(logprobs: Float32Array): Outcomes {
  const massOf = (winner: Winner) =>
    SCORE_LINES.reduce((sum, line, i) => sum + (line.winner === winner ? Math.exp(logprobs[i]!) : 0), 0);
  return new Map(OUTCOMES.map((winner) => [winner, massOf(winner)]));
}

function likeliest(outcomes: Outcomes): Winner {
  return OUTCOMES.reduce((best, winner) => (outcomes.get(winner)! > outcomes.get(best)! ? winner : best));
}

/** As shown: "1" is the answer that stood first. */
function inWords(outcomes: Outcomes): OrderEvidence {
  const [first, tie, second] = OUTCOMES.map((winner) => formatShare(outcomes.get(winner)!, 0));
  return { judgmentIds: [], texts: [`As shown: the first is better ${first}, a tie ${tie}, the second is better ${second}.`] }; // prettier-ignore
}
