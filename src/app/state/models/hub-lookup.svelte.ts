import { listHubModel, repositoryName, type HubFile, type HubModel } from '../../../model/formats/hub.ts';
import { modelChoices, type ModelChoice } from '../../../model/formats/model-choices.ts';
import type { ModelManifest } from '../../../store/model-manifest.ts';

/** One question to the hub: which files has a repository, in which ways can they be loaded? */
class HubLookup {
  /** What the reader wrote, or picked from the catalogue. */
  name = $state('');
  looking = $state(false);
  error = $state<string | null>(null);
  model = $state.raw<HubModel | null>(null);
  choices = $state.raw<readonly ModelChoice<HubFile>[]>([]);
  /** Which of the choices: "safetensors", or a GGUF's name. */
  weights = $state('');

  get choice(): ModelChoice<HubFile> | null {
    return this.choices.find(({ weights }) => weights === this.weights) ?? null;
  }

  /** What a download of the choice would store. A GGUF is one of several in its repository, so its file names it too. */
  get manifest(): ModelManifest | null {
    const { model, choice } = this;
    if (!model || !choice) return null;
    const { name: repository, revision, licence } = model;
    const name = choice.weights === 'safetensors' ? repository : `${repository}/${choice.weights}`;
    return { name, repository, revision, licence, files: choice.files };
  }

  /** Asks, for a commit and a file where they are named; what goes wrong stands in `error`. */
  async look(name: string = this.name, at: { revision?: string; weights?: string } = {}): Promise<void> {
    this.name = name;
    this.looking = true;
    this.clear();
    try {
      const model = await listHubModel(repositoryName(name), at.revision);
      this.choices = modelChoices(model.files);
      const named = this.choices.find(({ weights }) => weights === at.weights);
      this.weights = (named ?? this.choices[0])?.weights ?? '';
      this.model = model;
    } catch (error) {
      this.error = error instanceof Error ? error.message : String(error);
    }
    this.looking = false;
  }

  clear(): void {
    this.error = null;
    this.model = null;
    this.choices = [];
  }
}

export const hubLookup = new HubLookup();
