import type { Project } from '../../../store/project.ts';
import type { Experiment } from '../../../share/experiment.ts';
import { itemOf } from '../../../share/of-judgment.ts';
import { inDataWorker } from '../project/data-work.ts';
import { project } from '../project/project.svelte.ts';

/** The judge that the embedded one is known by, for experiments that asked none. */
const NO_MODEL = { name: 'nano-judge', hash: '' };

/** The project that was made for this link, if there is one. */
export const projectOf = (link: string): Project | undefined => project.all.find((one) => one.link === link);

/**
 * Opens the project of a shared experiment, which is made when it is first needed: the reader's own projects are never
 * touched, and their author's is not here.
 * @param title of the project
 */
export async function openSharedProject(
  experiment: Experiment,
  link: string,
  title: string,
): Promise<Project> {
  await project.open();
  const known = projectOf(link);
  if (known) {
    await project.use(known.id);
    return known;
  }
  const { name, hash } = experiment.model ?? NO_MODEL;
  const facts = { name: title, seedModel: { name, hash }, link };
  const shared = experiment.data?.items;
  if (!shared)
    return project.add({
      stored: () => inDataWorker((work) => work.storeMicro(facts)),
      unstored: () => inDataWorker((work) => work.microProject(facts)),
    });
  const items = shared.map(itemOf);
  const source = experiment.data?.name ?? 'a link';
  return project.add({
    stored: () => inDataWorker((work) => work.storeShared(items, source, facts)),
    unstored: () => inDataWorker((work) => work.sharedProject(items, source, facts)),
  });
}
