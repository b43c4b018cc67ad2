import type { NamedPolicy } from '../../../harness/lab-run.ts';
import { project } from '../project/project.svelte.ts';

/** The judge that each run of the project ended in, the newest run first: labs may ask them beside the open one. */
export async function trainedJudges(openJudge: string): Promise<NamedPolicy[]> {
  const own = project.runs.filter(({ seedPolicy }) => seedPolicy === openJudge);
  const judges = own.map(async (run): Promise<NamedPolicy[]> => {
    const last = (await project.store.rounds(run.id)).findLast(({ policyOut }) => policyOut !== null);
    return last?.policyOut ? [{ name: `${run.name}, round ${last.number}`, policy: last.policyOut }] : [];
  });
  return (await Promise.all(judges)).flat();
}
