import { describe, expect, it } from 'vitest';
import { estimateCost, secondsOf } from '../../../src/rationalize/cost.ts';
import { measureSpeed, type DeviceSpeed } from '../../../src/harness/device-speed.ts';
import { nanoPoint } from '../../../src/judge/protocols/nano.ts';
import { measuredWork } from '../../../src/rationalize/train-round.ts';
import { presetSettings } from '../../../src/rationalize/presets.ts';
import { letters, ScriptedEngine, scriptedItems } from '../harness/scripted-engine.ts';
import type { DpoLossSettings } from '../../../src/train/loss-settings.ts';
import type { GenerateTask } from '../../../src/model/generate-task.ts';
import type { PairExample } from '../../../src/train/pair-example.ts';
import type { Sampling } from '../../../src/model/sampling.ts';

const speed: DeviceSpeed = {
  promptToken: 0.001,
  generatedToken: 0.002,
  trainedToken: 0.003,
  trainingStep: 0.1,
  promptLength: 100,
  judgmentLength: 50,
};
const settings = presetSettings('standard', { rounds: 2, itemsPerRound: 10, heldoutItems: 20, samples: 8 });
const supply = { train: 100, heldout: 100 };

/** A device whose time follows the model exactly. */
class TimedEngine extends ScriptedEngine {
  override async generate(tasks: GenerateTask[], sampling: Sampling) {
    const rows = tasks.reduce((sum, task) => sum + task.samples.length, 0);
    const promptTokens = tasks.reduce((sum, task) => sum + task.prompt.length, 0);
    const tokens = rows * sampling.maxTokens;
    return { promptTokens, tokens, seconds: promptTokens * 1e-5 + tokens * 2e-5 };
  }
  override async dpoStep(pairs: PairExample[], loss: DpoLossSettings, learningRate: number) {
    expect(learningRate).toBe(0);
    const tokens = pairs.reduce((sum, { prompt, chosen }) => sum + 2 * (prompt.length + chosen.length), 0);
    return { ...(await super.dpoStep(pairs, loss, learningRate)), tokens, seconds: tokens * 3e-5 + 1e-3 };
  }
}

describe('the measurement', () => {
  it('finds the four speeds of a device that follows the model, and leaves it at the seed judge', async () => {
    const engine = new TimedEngine();
    const items = scriptedItems('measured', 40);
    const measured = await measureSpeed(
      { engine, tokenizer: letters, protocol: nanoPoint },
      items,
      measuredWork(settings),
    );
    expect(measured.promptToken).toBeCloseTo(1e-5, 9);
    expect(measured.generatedToken).toBeCloseTo(2e-5, 9);
    expect(measured.trainedToken).toBeCloseTo(3e-5, 9);
    expect(measured.trainingStep).toBeCloseTo(1e-3, 9);
    expect(measured.judgmentLength).toBe('It is worth 1. Score: 1'.length + 1);
    expect(engine.training).toBe(false);
    expect(engine.skill).toBe(0.4);
  });
});

describe('the estimate', () => {
  const cost = estimateCost(settings, supply, speed, { parameters: 1_000_000 });

  it('has every stage of every round, and adds up', () => {
    expect(cost.stages.map(({ round, stage }) => `${round} ${stage}`)).toEqual([
      '0 before', '1 sample', '1 pairs', '1 train', '1 evaluate', '2 sample', '2 pairs', '2 train', '2 evaluate',
    ]); // prettier-ignore
    expect(secondsOf(cost)).toBeCloseTo(cost.seconds, 9);
    expect(secondsOf(cost, { round: 1, stage: 'sample' }, { round: 1, stage: 'sample' })).toBeCloseTo(
      10 * (100 * 0.001 + 8 * 50 * 0.002),
      9,
    );
  });

  it('uses the pairs that a round already has', () => {
    const none = estimateCost(settings, supply, speed, { parameters: 1 }, { pairs: new Map([[1, 0]]) });
    expect(secondsOf(none, { round: 1, stage: 'train' }, { round: 1, stage: 'train' })).toBe(0);
  });

  it('is no more than there are items', () => {
    const small = estimateCost(settings, { train: 5, heldout: 5 }, speed, { parameters: 1 });
    expect(small.seconds).toBeLessThan(cost.seconds);
  });

  it('counts room for weights and judgments', () => {
    expect(cost.bytes).toBeGreaterThan(4 * 1_000_000 * 5);
    const adapter = estimateCost({ ...settings, loraRank: 8 }, supply, speed, { parameters: 1_000_000 });
    expect(adapter.bytes).toBeLessThan(cost.bytes / 4);
  });
});
