import { releaseProxy, wrap } from 'comlink';
import type { MergedFormat } from '../../../model/formats/merge.ts';
import type { ModelFolder } from '../../../model/formats/model-folder.ts';
import { openWeights } from '../../../model/formats/model-weights.ts';
import { writeAdapter, type LoraPolicy } from '../../../model/formats/peft.ts';
import { OtherJudgeError } from '../../../rationalize/open-run.ts';
import type { Run } from '../../../rationalize/records.ts';
import type { RunStore } from '../../../rationalize/run-store.ts';
import { MissingRecordError, type TrainedPolicy } from '../../../harness/judgment-store.ts';
import type { ModelExport } from '../../../../workers/model-export.worker.ts';
import workerUrl from '../../../../workers/model-export.worker.ts?worker&url';
import { trustedWorkerUrl } from '../../../../workers/trusted-url.ts';
import { judgeEngine } from '../engine/engine.svelte.ts';
import { folderOf } from './judge-model.ts';

/** The judge that a round of a run trained. */
export interface TrainedJudge {
  run: Run;
  round: number;
  /** Hash of its weights. */
  policy: string;
}

/** An archive and the name that it is saved under. */
export interface SavedFile {
  name: string;
  file: Blob;
}

/**
 * A round's adapter as PEFT loads it: adapter_config.json and adapter_model.safetensors in a ZIP archive.
 * @throws OtherJudgeError, MissingRecordError
 */
export async function adapterFile(store: RunStore, judge: TrainedJudge): Promise<SavedFile> {
  const { files, base, policy } = await partsOf(store, judge);
  if (policy.kind !== 'lora') throw new Error('All weights were trained: there is no adapter.');
  return adapterArchive(`${fileName(judge)}-adapter`, policy, files, base);
}

/** A judge that found no room in the store, as a file: its adapter, or all its weights. The judge it was trained from is open. */
export async function unstoredJudge(policy: TrainedPolicy): Promise<SavedFile> {
  const name = `trained-judge-${policy.hash}`;
  if (policy.kind === 'full') return { name: `${name}.safetensors`, file: new Blob([policy.weights]) };
  return adapterArchive(name, policy, await folderOf(judgeEngine.model), judgeEngine.base!.name);
}

async function adapterArchive(
  name: string,
  policy: LoraPolicy,
  files: ModelFolder,
  base: string,
): Promise<SavedFile> {
  const { config } = await openWeights(files);
  const adapter = writeAdapter(policy, config, base);
  const { writeZip } = await import('../../../model/formats/zip.ts');
  return {
    name: `${name}.zip`,
    file: await writeZip(new Map([...adapter].map(([path, file]) => [`${name}/${path}`, file]))),
  };
}

/**
 * A round's judge as a whole model in the Hugging Face layout, in a ZIP archive; an adapter is merged into the weights.
 * @throws OtherJudgeError, MissingRecordError; AdapterError when a value does not fit the format
 */
export async function modelFile(
  store: RunStore,
  judge: TrainedJudge,
  format: MergedFormat,
): Promise<SavedFile> {
  const { files, base, policy } = await partsOf(store, judge);
  const name = fileName(judge);
  const file = await inExportWorker((work) =>
    work.exportModel(name, withOwnFacts(files, judge, base), policy, format),
  );
  return { name: `${name}.zip`, file };
}

async function partsOf(
  store: RunStore,
  { run, policy: hash }: TrainedJudge,
): Promise<{ files: ModelFolder; base: string; policy: TrainedPolicy }> {
  const { engine } = await judgeEngine.ready();
  if (engine.model.hash !== run.seedPolicy) throw new OtherJudgeError(run, engine.model.hash);
  const policy = await store.policy(hash);
  if (!policy) throw new MissingRecordError('This judge');
  return { files: await folderOf(judgeEngine.model), base: judgeEngine.base!.name, policy };
}

const fileName = ({ run, round }: TrainedJudge) => `${run.name.replaceAll(' ', '-')}-round-${round}`;

/** What judge.json says of the seed judge's accuracy does not hold for another; that there is one tells the protocol. */
function withOwnFacts(files: ModelFolder, { run, round }: TrainedJudge, base: string): ModelFolder {
  if (!files.has('judge.json')) return files;
  const facts = {
    recipe: `Trained in the Judge Playground from ${base}: run "${run.name}", round ${round}.`,
  };
  return new Map([...files, ['judge.json', new Blob([JSON.stringify(facts)])]]);
}

async function inExportWorker<T>(piece: (work: ModelExportRemote) => Promise<T>): Promise<T> {
  const worker = new Worker(trustedWorkerUrl(workerUrl), { type: 'module' });
  const work = wrap<ModelExport>(worker);
  try {
    return await piece(work);
  } finally {
    work[releaseProxy]();
    worker.terminate();
  }
}

type ModelExportRemote = ReturnType<typeof wrap<ModelExport>>;
