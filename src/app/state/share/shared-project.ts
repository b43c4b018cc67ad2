import type { Project } from '../../../store/project.ts';
import { ownDataOf } from '../../../share/experiment.ts';
import { itemOf } from '../../../share/of-judgment.ts';
import { inDataWorker } from '../project/data-work.ts';
import { project } from '../project/project.svelte.ts';
import type { Shared } from './shared.svelte.ts';

/** The judge that the embedded one is known by, for experiments that asked none. */
const NO_MODEL = { name: 'nano-judge', hash: '' };

/** The project that was made for this link, if there is one. */
export const projectOf = (link: string): Project | undefined => project.all.find((one) => one.link === link);

/**
 * Opens the project of a shared experiment, which is made when it is first needed: the reader's own projects are never
 * touched, and their author's is not here.
 * @throws Error in words where the items did not come yet
 */
export async function openSharedProject({ experiment, link, title, missing }: Shared): Promise<Project> {
  await project.open();
  const known = projectOf(link);
  if (known) {
    await project.use(known.id);
    return known;
  }
  const { name, hash } = experiment.model ?? NO_MODEL;
  const facts = { name: title, seedModel: { name, hash }, link };
  const data = ownDataOf(experiment);
  if (!data)
    return project.add({
      stored: () => inDataWorker((work) => work.storeMicro(facts)),
      unstored: () => inDataWorker((work) => work.microProject(facts)),
    });
  const items = missing ? missing.items : (data.items?.map(itemOf) ?? null);
  if (!items) throw new Error('The items of this experiment are not here yet: open its project file first.');
  const source = data.name;
  return project.add({
    stored: () => inDataWorker((work) => work.storeShared(items, source, facts)),
    unstored: () => inDataWorker((work) => work.sharedProject(items, source, facts)),
  });
}
