import { scoreProbabilities } from '../evaluate/expected-score.ts';
import { SCORES, type Item } from '../judge/item.ts';
import type { Judgment } from '../judge/judgment.ts';
import type { Asked, PointProtocol } from '../judge/protocol.ts';
import { promptIds, type TextTokenizer } from '../judge/tokenizer.ts';
import { chunks } from './batches.ts';
import { groupBy } from './group-by.ts';
import type { Place } from './job.ts';
import type { JudgmentRecord } from './judgment-store.ts';
import { Meter } from './meter.ts';
import type { Workbench } from './workbench.ts';

type Reader = { tokenizer: TextTokenizer; protocol: PointProtocol };

/** The five ids between which p(1…5) is read: the last token of a judgment that ends in each score. */
export function scoreTokens({ tokenizer, protocol }: Reader): number[] {
  return SCORES.map((score) => tokenizer.encode(`${protocol.scoreCue} ${score}`).at(-1)!);
}

/**
 * Ids up to the place where this judgment's score is written, as they were sampled: a digit may be two tokens, and one
 * token earlier the probabilities say nothing. null where the judgment has no score.
 */
export function contextOfScore(
  reader: Reader,
  item: Item,
  judgment: Pick<Judgment, 'ids' | 'score'>,
  asked?: Asked,
): Int32Array | null {
  if (!judgment.score) return null;
  const candidates = scoreTokens(reader);
  const place = judgment.ids.findLastIndex((id) => candidates.includes(id));
  if (place < 0) return null;
  const prompt = promptIds(reader.tokenizer, reader.protocol, item, asked);
  return Int32Array.from([...prompt, ...judgment.ids.subarray(0, place)]);
}

/** Contexts per call: long enough to keep the engine busy, short enough that Pause acts within seconds. */
const CONTEXTS = 64;

/**
 * p(1…5) at the place of each judgment's score, by judgment id, under the policy that wrote it; judgments without a
 * readable score have none. What was read before comes from the store.
 */
export async function scoreDistributions(
  bench: Workbench,
  place: Place,
  items: readonly Item[],
  judgments: ReadonlyMap<string, readonly JudgmentRecord[]>,
): Promise<Map<string, number[]>> {
  const scored = items.flatMap((item) =>
    (judgments.get(item.id) ?? []).flatMap((judgment) => (judgment.score ? [{ item, judgment }] : [])),
  );
  const scope = `scores/${bench.engine.device.backend}`;
  const known = await bench.store.readings(scope, scored.map(({ judgment }) => judgment.id)); // prettier-ignore
  const missing = scored.filter(({ judgment }) => !known.has(judgment.id));
  const meter = new Meter(place, scored.length, known.size);
  bench.control.report(meter.progress());
  for (const part of chunks(missing, CONTEXTS)) {
    const read = await readPart(bench, part, meter);
    await bench.store.putReadings(scope, read);
    for (const [id, probabilities] of read) known.set(id, probabilities);
    bench.control.report(meter.progress());
  }
  return new Map([...known].map(([id, probabilities]) => [id, [...probabilities]]));
}

async function readPart(
  bench: Workbench,
  part: readonly { item: Item; judgment: JudgmentRecord }[],
  meter: Meter,
): Promise<Map<string, Float32Array>> {
  const tokens = await bench.store.tokens(part.map(({ judgment }) => judgment.id));
  const places = part.flatMap(({ item, judgment }, i) => {
    const context = contextOfScore(bench, item, { score: judgment.score, ids: tokens[i]!.ids });
    return context ? [{ id: judgment.id, policy: judgment.policy, context }] : [];
  });
  const rows = new Map<string, Float32Array>();
  for (const [policy, own] of groupBy(places, (place) => place.policy)) {
    await bench.control.ready();
    meter.start();
    await bench.policy.use(policy);
    const logprobs = await bench.engine.nextTokenLogprobs(own.map(({ context }) => context), scoreTokens(bench)); // prettier-ignore
    own.forEach(({ id }, i) => rows.set(id, Float32Array.from(scoreProbabilities(logprobs[i]!))));
    meter.stop();
    meter.add(own.length, 0);
  }
  return rows;
}
