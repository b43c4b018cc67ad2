import type { Outcome } from '../evaluate/outcome.ts';
import type { Item } from '../judge/item.ts';
import { inSlices } from '../judge/steps.ts';
import { greedyRequest, groupByItem, judgeItems } from '../harness/judge-items.ts';
import { STRATEGIES } from './curation/strategy.ts';
import { fingerprintsOf } from './fingerprints.ts';
import { pairsOfRound } from './pairs.ts';
import type { Plan } from './plan.ts';
import { newRound, sampleScope, type Round, type Run, type Stage } from './records.ts';
import type { Spent } from '../harness/meter.ts';
import { outcomesOf, roundResults, type Compared } from './results.ts';
import type { RoundResults } from './round-results.ts';
import { SnapshotSeries } from './snapshots.ts';
import { trainRound } from './train-round.ts';
import type { RunBench } from './events.ts';

/** What all rounds of a run share. */
export interface RunContext {
  bench: RunBench;
  run: Run;
  plan: Plan;
  /** Moves the run's cursor. */
  reach: (round: number, stage: Stage, done?: boolean) => Promise<void>;
}

/** Rationales, pairs, training. Returns the round as far as it got; `until` ends it after that stage. */
export async function improveRound(
  context: RunContext,
  number: number,
  policyIn: string,
  until?: Stage,
): Promise<Round> {
  const items = context.plan.rounds[number - 1]!;
  const known = await context.bench.store.round(context.run.id, number);
  if (known?.policyOut) return known;
  const ids = items.map((item) => item.id);
  let round = await keep(context, known ?? newRound(context.run.id, number, policyIn, ids));
  await context.reach(number, 'sample');
  round = await sampleRound(context, round, items);
  if (until === 'sample') return round;
  await context.reach(number, 'pairs');
  round = await pairRound(context, round, items);
  if (until === 'pairs') return round;
  await context.reach(number, 'train');
  return keep(context, await trainOnPairs(context, round, items));
}

/** N judgments of each of the round's items, in the judge's own words. */
async function sampleRound(context: RunContext, round: Round, items: Item[]): Promise<Round> {
  const { bench, run } = context;
  const { temperature, topP, topK, maxTokens, seed, samples } = run.settings;
  let current = round;
  await judgeItems(bench, {
    round: round.number,
    stage: 'sample',
    scope: sampleScope(run.id, round.number),
    policy: round.policyIn,
    protocol: bench.protocol,
    items,
    samples,
    sampling: { temperature, topP, topK, maxTokens, seed, round: round.number },
    onSpent: async (spent) => {
      current = await keep(context, { ...current, sample: plus(current.sample, spent) });
    },
  });
  return current;
}

/** Pairs from the samples, each time anew: decisions live apart and find their pairs again. */
async function pairRound(context: RunContext, round: Round, items: Item[]): Promise<Round> {
  const { bench, run } = context;
  const judgments = groupByItem(await bench.store.judgments(sampleScope(run.id, round.number)));
  const sampled = items.map((item) => ({ item, judgments: judgments.get(item.id)! }));
  const strategy = STRATEGIES[run.settings.strategy];
  const made = await pairsOfRound(bench, strategy, sampled, run.settings, round.number);
  await bench.store.putPairs(run.id, round.number, made);
  bench.emit({ type: 'pairs', round: round.number, items: made });
  return keep(context, { ...round, pairs: made.reduce((sum, { pairs }) => sum + pairs.length, 0) });
}

async function trainOnPairs({ bench, run, plan }: RunContext, round: Round, items: Item[]): Promise<Round> {
  const { scope } = greedyRequest(bench, run.seedPolicy, run.settings.maxTokens);
  const seedJudgments = groupByItem(await bench.store.judgments(scope));
  const watchedJudgments = plan.watched.map((item) => seedJudgments.get(item.id)![0]!);
  return trainRound(bench, {
    settings: run.settings,
    round,
    reference: run.settings.reference === 'seed' ? run.seedPolicy : round.policyIn,
    items: new Map(items.map((item) => [item.id, item])),
    snapshots: new SnapshotSeries(bench, plan.watched, watchedJudgments, round.snapshotSeconds),
  });
}

/** The round's judge on the held-out items, greedily. */
export async function evaluateRound(context: RunContext, round: Round): Promise<Outcome[]> {
  const { bench, run, plan } = context;
  await context.reach(round.number, 'evaluate');
  const greedy = greedyRequest(bench, round.policyOut!, run.settings.maxTokens);
  let current = round;
  await judgeItems(bench, {
    ...greedy,
    round: round.number,
    stage: 'evaluate',
    items: plan.heldout,
    onSpent: async (spent) => {
      current = await keep(context, { ...current, evaluate: plus(current.evaluate, spent) });
    },
  });
  return outcomesOf(plan.heldout, await bench.store.judgments(greedy.scope));
}

/**
 * The round's results: those in the store, or computed and stored now. A run that had to go on elsewhere has its
 * earlier rounds evaluated there again, as its seed judge is: backends round differently, and like is compared with like.
 */
export async function resultsOfRound(
  context: RunContext,
  number: number,
  compared: Compared,
): Promise<RoundResults> {
  const round = (await context.bench.store.round(context.run.id, number))!;
  const { backend } = context.bench.engine.device;
  if (round.results && (round.evaluatedOn ?? backend) === backend) return round.results;
  const results = {
    ...(await inSlices(roundResults(round, compared))),
    fingerprints: await fingerprintsOf(context.bench.store, round, compared),
  };
  await keep(context, { ...round, results, evaluatedOn: backend });
  context.bench.emit({ type: 'results', round: number, results });
  return results;
}

async function keep({ bench }: RunContext, round: Round): Promise<Round> {
  await bench.store.putRound(round);
  bench.emit({ type: 'round', round });
  return round;
}

function plus(a: Spent, b: Spent): Spent {
  return { seconds: a.seconds + b.seconds, tokens: a.tokens + b.tokens };
}
