/** The headless side of `npm run judge`. */
import type { Item } from '../../src/judge/item.ts';
import type { Judgment, Verdict } from '../../src/judge/judgment.ts';
import { protocolById } from '../../src/judge/protocols/registry.ts';
import { promptIds } from '../../src/judge/tokenizer.ts';
import type { Sampling } from '../../src/model/sampling.ts';
import { judgmentOf } from '../../src/harness/judge-items.ts';
import { noiseKey } from '../../src/harness/sampling-plan.ts';
import type { Host } from '../host.ts';
import { openLocalModel } from './local-model.ts';
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
  text: string;
  finished: boolean;
  /** Sum of the text's log-probabilities. */
  logprob: number;
}

export default async function judge(args: JudgeArgs, host: Host): Promise<JudgmentLine[]> {
  const protocol = protocolById(args.protocol);
  const items = await readItems(host, args.items);
  const { engine, tokenizer } = await openLocalModel(args.backend);
  try {
    const samples = Array.from({ length: args.samples }, (_, sample) => sample);
    const tasks = items.map((item) => ({
      key: noiseKey(item.id),
      prompt: promptIds(tokenizer, protocol, item),
      samples,
    }));
    const judgments: Judgment[][] = items.map(() => []);
    const context = {
      scope: 'headless',
      policy: engine.model.hash,
      sampling: args.sampling,
      protocol,
      tokenizer,
    };
    const { tokens, seconds } = await engine.generate(tasks, args.sampling, ({ task, ...row }) => {
      judgments[task]?.push(judgmentOf(items[task] as Item, row, context));
    });
    host.log(`${items.length} items, ${tokens} tokens in ${seconds.toFixed(1)} s`);
    return items.flatMap((item, i) =>
      (judgments[i] ?? []).toSorted((a, b) => a.sample - b.sample).map((one) => lineOf(item, one)),
    );
  } finally {
    engine.close();
  }
}

function lineOf(
  item: Item,
  { sample, verdict, rationale, text, finished, logprobs }: Judgment,
): JudgmentLine {
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
