/** The headless side of `npm run judge`. */
import type { Item } from '../../src/judge/item.ts';
import type { Verdict } from '../../src/judge/judgment.ts';
import type { PointProtocol } from '../../src/judge/protocol.ts';
import { protocolById } from '../../src/judge/protocols/registry.ts';
import { readVerdict } from '../../src/judge/own-verdict.ts';
import { completionText, promptIds, type TextTokenizer } from '../../src/judge/tokenizer.ts';
import type { Sampling } from '../../src/model/sampling.ts';
import { fittingItems } from '../../src/harness/fitting-items.ts';
import { eventLoopYielder } from '../../src/judge/event-loop.ts';
import { noiseKey } from '../../src/harness/sampling-plan.ts';
import type { Host } from '../host.ts';
import type { Completion } from '../../src/model/completion.ts';
import { openLocalJudge } from './local-model.ts';
import { readItems } from './split-items.ts';

export interface JudgeArgs {
  backend: string;
  protocol: string;
  /** Name of the items file in the work folder. */
  items: string;
  samples: number;
  sampling: Sampling;
}

/** One judgment as a line of JSON. */
export interface JudgmentLine {
  item: string;
  sample: number;
  label: number | null;
  verdict: Verdict;
  rationale: string;
  /** All that the model wrote, also where its judgment is only the beginning of it. */
  text: string;
  finished: boolean;
  /** Sum of the text's log-probabilities. */
  logprob: number;
}

export default async function judge(args: JudgeArgs, host: Host): Promise<JudgmentLine[]> {
  const protocol = protocolById(args.protocol);
  const given = await readItems(host, args.items);
  const { engine, tokenizer } = await openLocalJudge(args.backend, protocol);
  try {
    const judge = { engine, tokenizer, protocol };
    // A judgment ends where the context does: an item is too long where its prompt leaves no room for any.
    const items = await fittingItems(judge, given, 1, eventLoopYielder());
    reportTooLong(host, given, items, engine.model.contextLength);
    const samples = Array.from({ length: args.samples }, (_, sample) => sample);
    const tasks = items.map((item) => ({
      key: noiseKey(item.id),
      prompt: promptIds(tokenizer, protocol, item),
      samples,
    }));
    const rows: Completion[][] = items.map(() => []);
    const { tokens, seconds } = await engine.generate(tasks, args.sampling, (row) => {
      rows[row.task]?.push(row);
    });
    host.log(`${items.length} items, ${tokens} tokens in ${seconds.toFixed(1)} s`);
    return items.flatMap((item, i) =>
      (rows[i] ?? [])
        .toSorted((a, b) => a.sample - b.sample)
        .map((row) => lineOf(item, row, { protocol, tokenizer })),
    );
  } finally {
    engine.close();
  }
}

/** An item that does not fit is not cut: it is named, and the others are judged. */
function reportTooLong(
  host: Host,
  given: readonly Item[],
  fitting: readonly Item[],
  contextLength: number,
): void {
  const fits = new Set(fitting);
  given.forEach((item, index) => {
    if (fits.has(item)) return;
    const named = `item ${index + 1} (${item.id}, "${item.instruction.slice(0, 60)}")`;
    host.log(`${named} is not judged: its prompt fills the ${contextLength} tokens that this model reads`);
  });
}

function lineOf(
  item: Item,
  { sample, ids, logprobs, finished }: Completion,
  { protocol, tokenizer }: { protocol: PointProtocol; tokenizer: TextTokenizer },
): JudgmentLine {
  const text = completionText(tokenizer, { ids, finished });
  const { verdict, rationale } = readVerdict(protocol, text, item);
  return {
    item: item.id,
    sample,
    label: item.score ?? null,
    verdict,
    rationale: text.slice(...rationale),
    text,
    finished,
    logprob: logprobs.reduce((a, b) => a + b, 0),
  };
}
