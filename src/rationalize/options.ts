import type { Engine } from '../../workers/protocol.ts';
import type { PointProtocol } from '../judge/protocol.ts';
import type { TextTokenizer } from '../judge/tokenizer.ts';
import type { JobControl } from '../harness/job.ts';
import type { RecordedLoss } from '../harness/recovery.ts';
import type { SplitItems } from '../judge/item.ts';
import type { RunStore } from './run-store.ts';
import type { Stage } from './records.ts';
import type { RunSettings } from './settings.ts';
import type { RunEvent } from './events.ts';

export interface RationalizeOptions {
  engine: Engine;
  tokenizer: TextTokenizer;
  items: SplitItems;
  settings: RunSettings;
  store: RunStore;
  protocol?: PointProtocol;
  /** A run of this id is continued where it was; by default the run has an id of its own. */
  runId?: string;
  projectId?: string;
  appVersion?: string;
  /** How the engine was lost on the way here; the run's record keeps it. */
  losses?: readonly RecordedLoss[];
  /** Stop after this stage, e.g. to look at the pairs before training. */
  until?: { round: number; stage: Stage };
  onEvent?: (event: RunEvent) => void;
  /** Cancels. Ignored where `control` is given. */
  signal?: AbortSignal;
  /** Pause, resume, cancel and progress, from a `Job`. */
  control?: JobControl;
}
