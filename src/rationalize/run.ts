import { applyRemap, fitRemap, type RemapTable } from '../evaluate/remap.ts';
import type { Outcome } from '../evaluate/outcome.ts';
import { nanoPoint } from '../judge/protocols/nano.ts';
import { eventLoopYielder } from '../judge/event-loop.ts';
import { greedyRequest, judgeItems } from '../harness/judge-items.ts';
import { uninterrupted } from '../harness/job.ts';
import { openRun } from './open-run.ts';
import { makePlan } from './plan.ts';
import { judgeResults, outcomesOf, type Results } from './results.ts';
import type { RoundResults } from './round-results.ts';
import { evaluateRound, improveRound, resultsOfRound, type RunContext } from './round.ts';
import type { Stage } from './records.ts';
import { CurrentPolicy, reporting } from '../harness/workbench.ts';
import type { RunBench, RunEvent } from './events.ts';
import type { RationalizeOptions } from './options.ts';

/**
 * Self-Rationalization (arXiv 2410.05495): in each round the judge is asked N times about each of M training
 * items, its own judgments become preference pairs, DPO on them makes the next judge, and held-out items say
 * whether it got better. Page and headless command both run this function.
 *
 * Every stage fills in what the store does not hold yet, so calling it again after an interruption continues.
 * Returns null when `until` ended it before any round was evaluated.
 *
 * @throws NoLabelledItemsError, NoPairsError; an AbortError when cancelled
 */
export async function rationalize(options: RationalizeOptions): Promise<Results | null> {
  const context = await contextOf(options);
  const { until } = options;
  await judgeBefore(context);
  if (until?.stage === 'before') return null;
  const seed = await seedOutcomes(context);
  const rounds: RoundResults[] = [];
  let previous = { policy: context.run.seedPolicy, outcomes: seed.before };
  for (let number = 1; number <= context.run.settings.rounds; number++) {
    const round = await improveRound(context, number, previous.policy, stopWithin(until, number));
    if (!round?.policyOut || (until?.round === number && until.stage === 'train')) break;
    const after = await evaluateRound(context, round);
    const compared = { before: seed.before, remap: seed.remap, previous: previous.outcomes, after };
    rounds.push(await resultsOfRound(context, number, compared));
    if (until?.round === number) break;
    previous = { policy: round.policyOut, outcomes: after };
  }
  if (rounds.length === context.run.settings.rounds) await context.reach(rounds.length, 'evaluate', true);
  return rounds.length > 0 ? resultsOf(context, seed, rounds) : null;
}

/** The stage of this round at which to stop, if it is this round. */
function stopWithin(until: RationalizeOptions['until'], round: number): Stage | undefined {
  return until?.round === round ? until.stage : undefined;
}

/** The seed judge's greedy judgments: held-out for comparison, training for remap, watched for their rationales. */
async function judgeBefore({ bench, run, plan, reach }: RunContext): Promise<void> {
  await reach(0, 'before');
  const everything = [...plan.heldout, ...plan.watched, ...plan.rounds.flat()];
  const items = [...new Map(everything.map((item) => [item.id, item])).values()];
  const greedy = greedyRequest(bench, run.seedPolicy, run.settings.maxTokens);
  await judgeItems(bench, { ...greedy, round: 0, stage: 'before', items });
}

interface SeedOutcomes {
  before: Outcome[];
  remap: Outcome[];
  table: RemapTable;
}

/** How the seed judge does, by itself and through the table that its training labels suggest. */
async function seedOutcomes({ bench, run, plan }: RunContext): Promise<SeedOutcomes> {
  const { scope } = greedyRequest(bench, run.seedPolicy, run.settings.maxTokens);
  const judgments = await bench.store.judgments(scope);
  const before = outcomesOf(plan.heldout, judgments);
  const training = [...new Map(plan.rounds.flat().map((item) => [item.id, item])).values()];
  const table = fitRemap(outcomesOf(training, judgments));
  return { before, remap: applyRemap(before, table), table };
}

function resultsOf({ bench, run, plan }: RunContext, seed: SeedOutcomes, rounds: RoundResults[]): Results {
  const { model, device } = bench.engine;
  return {
    run: run.name,
    model: { name: model.name, hash: model.hash },
    protocol: run.protocol,
    ...(run.items && { items: run.items }),
    device,
    appVersion: run.appVersion,
    settings: run.settings,
    tooLong: plan.tooLong,
    before: judgeResults(seed.before),
    remap: { ...judgeResults(seed.remap), table: seed.table },
    rounds,
  };
}

async function contextOf(options: RationalizeOptions): Promise<RunContext> {
  const bench = benchOf(options);
  let run = await openRun(options, bench);
  const plan = await makePlan(bench, options.items, run.settings, eventLoopYielder());
  return {
    bench,
    run,
    plan,
    reach: async (round, stage, done = false) => {
      run = { ...run, cursor: { round, stage, done } };
      await bench.store.putRun(run);
      bench.emit({ type: 'run', run });
    },
  };
}

function benchOf(options: RationalizeOptions): RunBench {
  const { engine, tokenizer, store, onEvent } = options;
  const control = options.control ?? uninterrupted(options.signal);
  const emit = (event: RunEvent) => onEvent?.(event);
  return {
    engine,
    tokenizer,
    store,
    emit,
    protocol: options.protocol ?? nanoPoint,
    control: reporting(control, emit),
    policy: new CurrentPolicy(engine, store),
  };
}
