import { applyRemap, fitRemap } from '../../../evaluate/remap.ts';
import { eventLoopYielder } from '../../../judge/event-loop.ts';
import { greedyRequest } from '../../../harness/judge-items.ts';
import { makePlan } from '../../../rationalize/plan.ts';
import type { SplitItems } from '../../../judge/item.ts';
import type { Run } from '../../../rationalize/records.ts';
import { judgeResults, outcomesOf } from '../../../rationalize/results.ts';
import type { JudgeResults } from '../../../rationalize/round-results.ts';
import type { RunStore } from '../../../rationalize/run-store.ts';
import type { OpenJudge } from '../../../harness/judge-facts.ts';
import { quietWorkbench } from '../../../harness/workbench.ts';

/** The two judges that every round is compared with: the seed judge, and its scores merely relabelled. */
export interface SeedResults {
  before: JudgeResults;
  remap: JudgeResults;
}

/** Read from the greedy judgments in the store; null while some of them are missing. */
export async function seedResults(
  judge: OpenJudge,
  store: RunStore,
  run: Run,
  items: SplitItems,
): Promise<SeedResults | null> {
  const bench = quietWorkbench(judge, store);
  const plan = await makePlan(bench, items, run.settings, eventLoopYielder());
  const judgments = await store.judgments(greedyRequest(bench, run.seedPolicy, run.settings.maxTokens).scope);
  const judged = new Set(judgments.map((one) => one.itemId));
  const training = [...new Map(plan.rounds.flat().map((item) => [item.id, item])).values()];
  if (![...plan.heldout, ...training].every((item) => judged.has(item.id))) return null;
  const before = outcomesOf(plan.heldout, judgments);
  const remap = applyRemap(before, fitRemap(outcomesOf(training, judgments)));
  return { before: judgeResults(before), remap: judgeResults(remap) };
}
