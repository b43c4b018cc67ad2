import { deviceMemory, memoryNeed, type Fit } from '../../../harness/device-memory.ts';
import { parseModelConfig, type ModelConfig } from '../../../model/config.ts';
import { shippedUrl, sourceOf, type JudgeModel } from '../models/judge-model.ts';
import { isPhone } from '../shell/is-phone.ts';
import { judgeEngine } from './engine.svelte.ts';

/** Phones judge without asking; training there is begun by who has read what it takes. Asked once a visit. */
class TrainingConsent {
  readonly #isPhone = isPhone();
  #given = $state(false);

  get isMissing(): boolean {
    return this.#isPhone && !this.#given;
  }

  give(): void {
    this.#given = true;
  }
}

export const trainingConsent = new TrainingConsent();

/** What training the judge in use takes on this device. */
export async function trainingNeed(): Promise<Fit> {
  const config = await configOf(judgeEngine.model);
  return memoryNeed(config, judgeEngine.engine?.device.backend ?? 'wasm', await deviceMemory()).training;
}

async function configOf(model: JudgeModel): Promise<ModelConfig> {
  if (model.kind === 'shipped') {
    const response = await fetch(`${shippedUrl(model.name)}config.json`);
    return parseModelConfig(await response.json());
  }
  const source = await sourceOf(model);
  if (!('files' in source)) throw new Error('A model that does not ship with the page is made of files.');
  const { openModel } = await import('../../../model/formats/open-model.ts');
  return (await openModel(source.files)).config;
}
