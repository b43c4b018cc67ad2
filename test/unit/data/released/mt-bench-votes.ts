import { readFileSync } from 'node:fs';
import { readMtBenchVotes } from '../../../../src/data/import/mt-bench-votes.ts';

export const { human, gpt4 } = readMtBenchVotes(
  readFileSync(new URL('../../../../public/data/mt-bench-votes.csv', import.meta.url), 'utf8'),
);
