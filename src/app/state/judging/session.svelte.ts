import { Judging } from './judging.svelte.ts';
import { Jury } from './jury.svelte.ts';
import { judges } from './judges.svelte.ts';
import { Task } from './task.svelte.ts';

/** What is on the Judge page; other places put an item here and link to `#/judge`. */
export const task = new Task();
export const judging = new Judging();
export const jury = new Jury();

/** The answer on the form that came with a link: its id, and the link. */
export const sharedTask = $state<{ itemId: string; link: string | null }>({ itemId: '', link: null });

/** Judges what the form says, by the judge that is chosen. */
export async function judgeTask(): Promise<void> {
  if (task.missing) return;
  if (jury.item?.id !== task.item.id) jury.clear();
  await judging.judge(task.item, await judges.policy());
}

/** Asks the chosen judge several times; another seed draws other samples. */
export async function askTask(seed = 1): Promise<void> {
  await jury.ask(task.item, { seed, policy: await judges.policy() });
}
