import { judgeEngine } from '../engine/engine.svelte.ts';
import { rememberedAdapter, type JudgeModel } from '../models/judge-model.ts';
import type { RememberedJudge } from './remembered-job.ts';

/** Thrown when a job goes on with a judge that the reader must open again. */
export class JudgeNotHereError extends Error {
  override name = 'JudgeNotHereError';
  constructor({ name }: RememberedJudge) {
    super(`Open the model ${name} again to go on: a page cannot keep the reader’s files.`);
  }
}

/** The judge that is open, or will be, as a job remembers it. */
export function judgeNow(): RememberedJudge {
  const { kind, name } = judgeEngine.model;
  return { kind, name, adapter: judgeEngine.judge ? (judgeEngine.adapter?.id ?? null) : rememberedAdapter() };
}

/** Whether this judge has to be opened from the reader's files first. */
export function needsFiles(judge: RememberedJudge | undefined): boolean {
  return judge?.kind === 'local' && !isSameModel(judge);
}

/** Opens the judge that a job began with, where another one was chosen since. @throws JudgeNotHereError */
export async function openJudge(judge: RememberedJudge): Promise<void> {
  if (needsFiles(judge)) throw new JudgeNotHereError(judge);
  if (!isSameModel(judge)) await judgeEngine.use({ kind: judge.kind, name: judge.name } as JudgeModel);
  if (judgeNow().adapter !== judge.adapter) await judgeEngine.useAdapter(judge.adapter);
}

function isSameModel({ kind, name }: RememberedJudge): boolean {
  return judgeEngine.model.kind === kind && judgeEngine.model.name === name;
}
