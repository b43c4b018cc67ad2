import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { random } from '../judge/random.ts';
import { pickPairs } from './curation/pick-pairs.ts';
import type { Candidates, Sampled, Strategy } from './curation/strategy.ts';
import type { RunBench } from './events.ts';
import type { RunSettings } from './settings.ts';
import type { Pair, ItemPairs, Decision } from './pair.ts';

/** Pairs of one item; the same for the same samples, seed and round, whatever else is in the round. */
export function pairsOfItem(
  candidates: Candidates,
  { item, judgments }: Sampled,
  settings: RunSettings,
  round: number,
): ItemPairs {
  const { pairs: possible, reason } = candidates(item, judgments, settings);
  const next = random(settings.seed, 'pairs', round, item.id);
  const pairs = pickPairs(possible, settings.pairsPerItem, next).map(([chosen, rejected]) => ({
    key: pairKey(item.id, chosen.text, rejected.text),
    itemId: item.id,
    chosen: chosen.id,
    rejected: rejected.id,
    strategy: settings.strategy,
  }));
  return { itemId: item.id, pairs, reason };
}

/** Pairs of a whole round, by a strategy that may ask the model first. */
export async function pairsOfRound(
  bench: RunBench,
  strategy: Strategy,
  sampled: readonly Sampled[],
  settings: RunSettings,
  round: number,
): Promise<ItemPairs[]> {
  const candidates = await strategy.prepare(bench, sampled);
  return sampled.map((one) => pairsOfItem(candidates, one, settings, round));
}

export function pairKey(itemId: string, chosen: string, rejected: string): string {
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify([itemId, chosen, rejected])))).slice(0, 16);
}

/** The pairs to train on: without the dropped ones, the flipped ones the other way round. */
export function decidedPairs(items: readonly ItemPairs[], decisions: ReadonlyMap<string, Decision>): Pair[] {
  return items
    .flatMap((item) => item.pairs)
    .filter((pair) => decisions.get(pair.key) !== 'drop')
    .map((pair) => (decisions.get(pair.key) === 'flip' ? flipped(pair) : pair));
}

function flipped(pair: Pair): Pair {
  return { ...pair, chosen: pair.rejected, rejected: pair.chosen };
}
