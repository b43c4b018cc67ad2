import type { ModelInfo } from '../model/model-info.ts';
import { judgingSeconds, judgmentBytes } from '../harness/cost.ts';
import type { DeviceSpeed } from '../harness/device-speed.ts';
import { STAGES, type Stage } from './records.ts';
import type { RunSettings } from './settings.ts';

/** What one stage of one round is expected to take. */
export interface StageCost {
  round: number;
  stage: Stage;
  seconds: number;
}

export interface Cost {
  stages: StageCost[];
  seconds: number;
  /** Room in the browser's storage. */
  bytes: number;
}

/** How many items there are to draw from. */
export interface Supply {
  train: number;
  heldout: number;
}

/**
 * Pairs per item as a share of the most allowed. Measured with the embedded judge, five seeds of Standard: 1,076 to
 * 1,125 of at most 2,000 in the first round, 1,165 to 1,258 in the second (docs/results/self-rationalization.md).
 */
const PAIR_YIELD = { first: 0.55, later: 0.6 };
/** Distinct judgments to a pair when 8 judgments share at most 4 pairs: 1.6 in a simulation of `pickPairs`. */
const REFERENCES_PER_PAIR = 1.6;
/** A forward pass costs a third of a training step, whose backward pass costs twice the forward. */
const FORWARD_SHARE = 1 / 3;
/** The watched validation items' share of the training time. */
const SNAPSHOTS = 1.05;

/**
 * What a run will cost: tokens × seconds per token, stage by stage. `known.pairs` replaces the expected number of
 * pairs of a round that has its pairs already.
 */
export function estimateCost(
  settings: RunSettings,
  supply: Supply,
  speed: DeviceSpeed,
  model: Pick<ModelInfo, 'parameters'>,
  known: { pairs?: ReadonlyMap<number, number>; seedJudged?: boolean } = {},
): Cost {
  const items = Math.min(settings.itemsPerRound, supply.train);
  const heldout = Math.min(settings.heldoutItems, supply.heldout);
  const planned = Math.min(items * settings.rounds, supply.train);
  const before = known.seedJudged ? 0 : judgingSeconds(heldout + planned, 1, speed);
  const stages: StageCost[] = [{ round: 0, stage: 'before', seconds: before }];
  let pairs = 0;
  for (let round = 1; round <= settings.rounds; round++) {
    const own = known.pairs?.get(round) ?? expectedPairs(items, round, settings);
    pairs += own;
    stages.push(
      { round, stage: 'sample', seconds: judgingSeconds(items, settings.samples, speed) },
      { round, stage: 'pairs', seconds: 0 },
      { round, stage: 'train', seconds: trainingSeconds(own, settings, speed) },
      { round, stage: 'evaluate', seconds: judgingSeconds(heldout, 1, speed) },
    );
  }
  const judgments = planned + settings.rounds * items * settings.samples + (settings.rounds + 1) * heldout;
  const bytes = storedBytes(judgments, pairs, settings, speed, model);
  return { stages, seconds: stages.reduce((sum, { seconds }) => sum + seconds, 0), bytes };
}

/** Seconds of the stages from a run's cursor on (that one included) up to `until`. */
export function secondsOf(
  { stages }: Cost,
  from: { round: number; stage: Stage } = { round: 0, stage: 'before' },
  until?: { round: number; stage: Stage },
): number {
  const place = ({ round, stage }: { round: number; stage: Stage }) =>
    round * STAGES.length + STAGES.indexOf(stage);
  return stages
    .filter((one) => place(one) >= place(from) && (!until || place(one) <= place(until)))
    .reduce((sum, { seconds }) => sum + seconds, 0);
}

function expectedPairs(items: number, round: number, { pairsPerItem, samples }: RunSettings): number {
  const most = Math.min(pairsPerItem, Math.floor(samples / 2) ** 2);
  return Math.round(items * most * (round === 1 ? PAIR_YIELD.first : PAIR_YIELD.later));
}

function trainingSeconds(pairs: number, { batchSize, epochs }: RunSettings, speed: DeviceSpeed): number {
  const { trainedToken, trainingStep, promptLength, judgmentLength } = speed;
  const sequence = promptLength + judgmentLength;
  const references = pairs * REFERENCES_PER_PAIR * sequence * trainedToken * FORWARD_SHARE;
  const steps = Math.ceil(pairs / batchSize) * epochs;
  return references + SNAPSHOTS * (pairs * epochs * 2 * sequence * trainedToken + steps * trainingStep);
}

function storedBytes(
  judgments: number,
  pairs: number,
  { rounds, loraRank }: RunSettings,
  speed: DeviceSpeed,
  { parameters }: Pick<ModelInfo, 'parameters'>,
): number {
  return judgmentBytes(judgments, speed) + pairs * 400 + trainedBytes(loraRank, parameters) * (rounds + 3);
}

/** What the store needs while one round is trained: its policy, and a checkpoint of weights and two moments. */
export function trainingBytes(
  { loraRank }: RunSettings,
  { parameters }: Pick<ModelInfo, 'parameters'>,
): number {
  return trainedBytes(loraRank, parameters) * 4;
}

/** An adapter is a few percent of the weights. */
function trainedBytes(loraRank: number, parameters: number): number {
  return 4 * parameters * (loraRank === 0 ? 1 : 0.05);
}
