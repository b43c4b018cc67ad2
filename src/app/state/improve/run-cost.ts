import { estimateCost, secondsOf, type Cost } from '../../../rationalize/cost.ts';
import type { DeviceSpeed } from '../../../harness/device-speed.ts';
import type { SplitItems } from '../../../judge/item.ts';
import type { Stage } from '../../../rationalize/records.ts';
import type { ModelInfo } from '../../../model/model-info.ts';
import type { RoundState } from './round.svelte.ts';
import type { RunState } from './run.svelte.ts';

export interface Place {
  round: number;
  stage: Stage;
}

/** What is left of a run up to `until`, in seconds, and the room that the whole run takes. */
export function costOfRest(
  run: RunState,
  items: SplitItems,
  speed: DeviceSpeed,
  model: ModelInfo,
  range: { from?: Place | undefined; until?: Place | undefined } = {},
): { seconds: number; bytes: number } {
  const from = range.from ?? nextPlace(run);
  const known = { pairs: knownPairs(run.rounds), seedJudged: from.stage !== 'before' };
  const cost = estimateCost(run.settings, supplyOf(items), speed, model, known);
  const seconds =
    secondsOf(cost, from, range.until) - secondsDone(cost, run.rounds[from.round - 1], from.stage);
  return { seconds: Math.max(0, seconds), bytes: cost.bytes };
}

/** The first stage whose product is not all there. */
export function nextPlace(run: RunState): Place {
  if (!run.record || run.record.cursor.round === 0) return { round: 0, stage: 'before' };
  const round = run.rounds.find(({ record }) => !record?.results) ?? run.rounds.at(-1)!;
  return { round: round.number, stage: nextStage(round) };
}

function nextStage({ record, judgments, pairs }: RoundState): Stage {
  if (!record || judgments.size < record.itemIds.length) return 'sample';
  if (pairs.length === 0) return 'pairs';
  return record.policyOut ? 'evaluate' : 'train';
}

/** Sampling that was interrupted goes on with the items that it lacks. */
function secondsDone(cost: Cost, round: RoundState | undefined, stage: Stage): number {
  if (stage !== 'sample' || !round?.record) return 0;
  const whole = cost.stages.find((one) => one.round === round.number && one.stage === stage);
  return ((whole?.seconds ?? 0) * round.judgments.size) / Math.max(1, round.record.itemIds.length);
}

function knownPairs(rounds: readonly RoundState[]): Map<number, number> {
  const made = rounds.filter(({ pairs }) => pairs.length > 0);
  return new Map(
    made.map(({ number, pairs }) => [number, pairs.reduce((sum, one) => sum + one.pairs.length, 0)]),
  );
}

function supplyOf({ train, heldout }: SplitItems): { train: number; heldout: number } {
  const labelled = (items: SplitItems['train']) => items.filter((item) => item.score !== undefined).length;
  return { train: labelled(train), heldout: labelled(heldout) };
}
