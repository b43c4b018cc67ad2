import type { Experiment } from '../../../share/experiment.ts';
import { EMBEDDED_JUDGE, type JudgeModel } from '../models/judge-model.ts';
import { hubLookup } from '../models/hub-lookup.svelte.ts';
import { modelShelf } from '../models/model-library.svelte.ts';
import { shell } from '../shell/shell.svelte.ts';

type Asked = NonNullable<Experiment['model']>;

const SHIPPED: readonly JudgeModel[] = [EMBEDDED_JUDGE, { kind: 'shipped', name: 'nano-judge-base' }];

/** Thrown when another judge is open than the one that an experiment asked. */
export class OtherJudgeOpenError extends Error {
  override name = 'OtherJudgeOpenError';
  constructor(
    readonly asked: Asked,
    open: { name: string; hash: string },
  ) {
    const from = asked.hub
      ? ` (${asked.hub.repository} of the hub, commit ${asked.hub.revision.slice(0, 8)})`
      : '';
    super(
      `Its author asked the judge ${asked.name} ${asked.hash}${from}, and ${open.name} ${open.hash} is open here. ` +
        'Open that judge and run it again, or change a setting to run it with this one.',
    );
  }
}

/** The judge that was asked, where it is here already: one of the page, or one of the hub whose files are stored. */
export async function judgeHere({ name, hub }: Asked): Promise<JudgeModel | null> {
  if (!hub) return SHIPPED.find((model) => model.name === name) ?? null;
  await modelShelf.refresh();
  const stored = modelShelf.stored.find(({ complete, manifest }) => {
    const { repository, revision, files } = manifest;
    const hasFile = hub.file === undefined || files.some(({ path }) => path === hub.file);
    return complete && repository === hub.repository && revision === hub.revision && hasFile;
  });
  return stored ? { kind: 'stored', name: stored.manifest.name } : null;
}

/** Shows it on the hub, at the commit that was asked, with its size and licence: the reader decides to download it. */
export async function showOnHub({ repository, revision, file }: NonNullable<Asked['hub']>): Promise<void> {
  shell.drawerTab = 'models';
  shell.judgeDrawer = true;
  await hubLookup.look(repository, { revision, ...(file !== undefined && { weights: file }) });
}
