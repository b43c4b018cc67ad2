import { formatCount, formatDate } from '../../harness/format.ts';
import { isStage } from '../../rationalize/records.ts';
import { STAGE_LABELS } from '../state/improve/rationalize-job.ts';
import type { KeptJob } from '../state/job/job-record.ts';

/** When a job was interrupted, at which stage, and how far it was. */
export function interruptedWords({ job, at, progress }: KeptJob): string {
  const how = job.paused ? 'was paused, and its page was closed' : 'was interrupted';
  return `${how} on ${formatDate(at)}, ${progress ? whereWords(progress) : 'before its first stage'}`;
}

function whereWords({ stage, round, done, total }: NonNullable<KeptJob['progress']>): string {
  const name = isStage(stage) ? STAGE_LABELS[stage] : stage;
  const inRound = round ? `in round ${formatCount(round)}: ` : 'at: ';
  return `${inRound}${name}, ${formatCount(done)} of ${formatCount(total)}`;
}
