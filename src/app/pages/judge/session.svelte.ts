import { Judging } from '../../state/judging.svelte.ts';
import { Jury } from '../../state/jury.svelte.ts';
import { Task } from './task.svelte.ts';

/** What is on the Judge page; other places put an item here and link to `#/judge`. */
export const task = new Task();
export const judging = new Judging();
export const jury = new Jury();

/** Judges what the form says, unless that is what stands there already. */
export function judgeTask(): void {
  if (task.missing) return;
  if (jury.item?.id !== task.item.id) jury.clear();
  void judging.judge(task.item);
}
