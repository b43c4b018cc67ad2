import { uninterrupted } from '../../../harness/job.ts';
import type { RunStore } from '../../../rationalize/run-store.ts';
import { CurrentPolicy, type Workbench } from '../../../harness/workbench.ts';
import type { OpenJudge } from '../../../harness/open-judge.ts';

/** What the method's parts need for a short piece of work by hand, outside of any job. */
export function handWorkbench({ engine, tokenizer, protocol }: OpenJudge, store: RunStore): Workbench {
  return {
    engine,
    tokenizer,
    protocol,
    store,
    control: uninterrupted(),
    emit: () => {},
    policy: new CurrentPolicy(engine, store),
  };
}
