import type { Outcome } from '../evaluate/outcome.ts';
import { fingerprint, fingerprintInSteps } from '../harness/fingerprint.ts';
import { inSlices } from '../judge/steps.ts';
import type { RoundFingerprints } from './round-results.ts';
import { sampleScope, type Round } from './records.ts';
import type { RunStore } from './run-store.ts';

/** Judgments whose tokens are read at once: a round has thousands. */
const AT_ONCE = 512;

/**
 * What each stage of a round came to: two runs whose fingerprints are the same sampled the same tokens, trained on the
 * same pairs and gave the same grades.
 */
export async function fingerprintsOf(
  store: RunStore,
  round: Round,
  { before, after }: { before: readonly Outcome[]; after: readonly Outcome[] },
): Promise<RoundFingerprints> {
  return {
    before: fingerprint(before.map(grade)),
    samples: await inSlices(fingerprintInSteps(await sampledTokens(store, round))),
    pairs: fingerprint(await pairKeys(store, round)),
    grades: fingerprint(after.map(grade)),
  };
}

const grade = ({ itemId, score }: Outcome) => [itemId, score];

/** Token ids of the round's samples, in the order of its items. */
async function sampledTokens(store: RunStore, round: Round): Promise<[string, number, number[]][]> {
  const places = new Map(round.itemIds.map((id, place) => [id, place]));
  const judgments = (await store.judgments(sampleScope(round.runId, round.number))).sort(
    (a, b) => places.get(a.itemId)! - places.get(b.itemId)! || a.sample - b.sample,
  );
  const lines: [string, number, number[]][] = [];
  for (let first = 0; first < judgments.length; first += AT_ONCE) {
    const part = judgments.slice(first, first + AT_ONCE);
    const tokens = await store.tokens(part.map(({ id }) => id));
    lines.push(...part.map(({ itemId, sample }, i) => [itemId, sample, [...tokens[i]!.ids]] as [string, number, number[]])); // prettier-ignore
  }
  return lines;
}

/** Keys of the pairs that were trained on, with what a person decided about them. */
async function pairKeys(store: RunStore, { runId, number, itemIds }: Round): Promise<unknown[]> {
  const decisions = await store.decisions(runId, number);
  const byItem = new Map((await store.pairs(runId, number)).map((made) => [made.itemId, made.pairs]));
  return itemIds.flatMap((id) =>
    (byItem.get(id) ?? []).map(({ key }) => {
      const decision = decisions.get(key);
      return decision === 'drop' || decision === 'flip' ? [key, decision] : [key];
    }),
  );
}
