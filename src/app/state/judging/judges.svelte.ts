import type { Policy } from '../../../model/policy.ts';
import { MissingRecordError } from '../../../harness/judgment-store.ts';
import { judgeEngine } from '../engine/engine.svelte.ts';
import { project } from '../project/project.svelte.ts';

/** A judge that can be asked by hand. '' is the seed judge. */
export interface JudgeChoice {
  hash: string;
  name: string;
  /** Hash of the model that it improves on. */
  seed: string;
}

const SEED: JudgeChoice = { hash: '', name: 'seed judge', seed: '' };

/** The seed judge, and every judge that a run of the project made of it. */
class Judges {
  #improved = $state.raw<readonly JudgeChoice[]>([]);
  /** Adapters fit the model that they were trained on, and no other. */
  readonly choices = $derived.by(() => {
    const loaded = judgeEngine.engine?.model.hash;
    return [SEED, ...this.#improved.filter(({ seed }) => seed === loaded)];
  });
  chosen = $state('');
  /** Whether the project's runs have been looked through. */
  listed = $state(false);

  /** Opens the project and looks for judges; the newest run first, its last round first. */
  async list(): Promise<void> {
    await project.open();
    const found = await Promise.all(
      project.runs.map(async ({ id, name, seedPolicy: seed }) =>
        (await project.store.rounds(id)).flatMap(({ number, policyOut }) =>
          policyOut === null ? [] : [{ hash: policyOut, name: `${name}, round ${number}`, seed }],
        ),
      ),
    );
    this.#improved = found.flatMap((own) => own.reverse());
    this.listed = true;
  }

  /** @throws MissingRecordError when it was erased since */
  async policy(): Promise<Policy> {
    if (!this.choices.some(({ hash }) => hash === this.chosen)) this.chosen = '';
    if (this.chosen === '') return { kind: 'seed' };
    const policy = await project.store.policy(this.chosen);
    if (!policy) throw new MissingRecordError('This judge');
    return policy;
  }
}

export const judges = new Judges();
