import { whileHolding } from '../../../store/lock.ts';
import { cleanName, NameError, rename } from '../../../store/rename.ts';
import { dataChanges } from './data-changes.ts';
import { project } from './project.svelte.ts';
import { storedData } from './stored-data.svelte.ts';
import type { Deletable } from './bin.svelte.ts';

/**
 * Gives a project, a run or a lab's run another name, in every tab.
 * @throws NameError; BusyElsewhereError while the run is worked on, since its record is written again and again
 */
export async function renameStored({ kind, id, projectId }: Deletable, name: string): Promise<void> {
  const { connection } = await storedData.open();
  if (!connection) throw new NameError('This browser stores nothing, so names stay as they are.');
  const clean = cleanName(name);
  if (kind === 'runs') refuseTwice(id, clean);
  const work = () => rename(connection, kind, id, clean);
  await (kind === 'projects' ? work() : whileHolding(id, work));
  dataChanges.tell(kind === 'projects' ? { type: 'projects' } : { type: kind, projectId, id });
  await project.reread();
}

/** A run's name is its address. */
function refuseTwice(id: string, name: string): void {
  const slug = (one: string) => one.replaceAll(' ', '-').toLowerCase();
  if (slug(name) === 'new') throw new NameError('“new” is the address of new runs: choose another name.');
  if (project.runs.some((run) => run.id !== id && slug(run.name) === slug(name)))
    throw new NameError(`Another run of this project is called “${name}”: choose another name.`);
}
