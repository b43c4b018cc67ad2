import { defaultsOf, type FieldValues } from '../../../src/harness/fields.ts';
import type { Lab } from '../../../src/labs/lab.ts';

/** Settings of a run that a test can afford: every number of items or samples at its least useful size. */
const SMALL: Readonly<Record<string, Record<string, number>>> = {
  'self-rationalization': { rounds: 1, itemsPerRound: 24, samples: 4, heldoutItems: 24, batchSize: 8, warmupSteps: 1 },
  'judging-the-judges': { questions: 12 },
  'scalable-evaluation': { answers: 24, labels: 8 },
  'mt-bench': { questions: 6, contestants: 3, attackCases: 3, resamples: 100 },
  judgebench: { questions: 12, samples: 4 },
  'selective-generation': { questions: 12, answers: 3 },
  judgerank: { queriesPerKind: 2, passages: 4 },
  'planted-verdict': { answers: 16, resamples: 100 },
  uncertainty: { items: 40, samples: 3, splits: 10 },
}; // prettier-ignore

export const smallSettings = (lab: Lab): FieldValues =>
  lab.check({ ...defaultsOf(lab.fields), ...SMALL[lab.id] });
