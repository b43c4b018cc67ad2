/**
 * Whole models are put together here, away from the page: merging and rounding one tensor of a large model takes
 * seconds.
 */
import './lockdown.ts';
import { expose } from 'comlink';
import { mergeAdapter, trainedFolder, type MergedFormat } from '../src/model/formats/merge.ts';
import type { ModelFolder } from '../src/model/formats/model-folder.ts';
import { writeZip } from '../src/model/formats/zip.ts';
import type { Policy } from '../src/model/policy.ts';

const work = {
  /**
   * A trained model in the Hugging Face layout, as one ZIP archive with a folder of this name.
   * @param files the model that training began with
   * @param format for a merged adapter; weights that were all trained stay float32
   */
  async exportModel(
    name: string,
    files: ModelFolder,
    policy: Exclude<Policy, { kind: 'seed' }>,
    format: MergedFormat,
  ): Promise<Blob> {
    const model =
      policy.kind === 'lora'
        ? await mergeAdapter(files, policy, format)
        : await trainedFolder(files, policy.weights);
    return writeZip(new Map([...model].map(([path, file]) => [`${name}/${path}`, file])));
  },
};

export type ModelExport = typeof work;

expose(work);
