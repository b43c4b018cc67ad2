import type { DeviceSpeed } from '../../../harness/device-speed.ts';
import type { RunSettings } from '../../../rationalize/settings.ts';
import type { Engine } from '../../../../workers/protocol.ts';
import type { ModelInfo } from '../../../model/model-info.ts';
import { judgeEngine } from './engine.svelte.ts';
import { project } from '../project/project.svelte.ts';

/** How fast this device is with the judge that is loaded: measured once, in seconds, when first asked for. */
class MeasuredSpeed {
  speed = $state.raw<DeviceSpeed | null>(null);
  model = $state.raw<ModelInfo | null>(null);
  failed = $state(false);
  #measured: { engine: Engine; lora: boolean } | null = null;

  /** Measures unless the same engine was measured for the same kind of training. Whoever needs the engine goes first. */
  async ensure(settings: RunSettings): Promise<void> {
    await project.open();
    const lora = settings.loraRank > 0;
    const background = new AbortController();
    const { judge, release } = await judgeEngine.hold('Measuring this device', { background });
    try {
      if (this.#measured?.engine === judge.engine && this.#measured.lora === lora) return;
      this.speed = null;
      this.model = judge.engine.model;
      // Fetched when something is to be run: the first verdict needs neither.
      const { measureSpeed } = await import('../../../harness/device-speed.ts');
      const { measuredWork } = await import('../../../rationalize/train-round.ts');
      this.speed = await measureSpeed(judge, project.parts.train, measuredWork(settings), background.signal);
      this.#measured = { engine: judge.engine, lora };
      this.failed = false;
    } catch {
      // A cost that cannot be told must not keep anybody from starting. One that had to wait is measured when asked again.
      this.failed = !background.signal.aborted;
    } finally {
      release();
    }
  }
}

export const measuredSpeed = new MeasuredSpeed();
