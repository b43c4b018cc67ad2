import { expect, it } from 'vitest';
import { measureSpeed } from '../../../src/harness/device-speed.ts';
import { nanoPoint } from '../../../src/judge/protocols/nano.ts';
import type { GenerateTask } from '../../../src/model/generate-task.ts';
import type { Sampling } from '../../../src/model/sampling.ts';
import { presetSettings } from '../../../src/rationalize/presets.ts';
import { measuredWork } from '../../../src/rationalize/train-round.ts';
import type { PairExample } from '../../../src/train/pair-example.ts';
import { letters, ScriptedEngine, scriptedItems } from './scripted-engine.ts';

const items = scriptedItems('train', 40);
const work = measuredWork(presetSettings('quick'));

/** An engine that would take this long for a token, and keeps account instead of taking it. */
class SlowEngine extends ScriptedEngine {
  spent = 0;

  constructor(private readonly perToken: number) {
    super();
  }

  override async generate(tasks: GenerateTask[], { maxTokens }: Sampling) {
    const promptTokens = tasks.reduce((sum, { prompt }) => sum + prompt.length, 0);
    const tokens = tasks.reduce((sum, { samples }) => sum + samples.length * maxTokens, 0);
    const seconds = (promptTokens + tokens) * this.perToken;
    this.spent += seconds;
    return { promptTokens, tokens, seconds };
  }

  override async dpoStep(...given: Parameters<ScriptedEngine['dpoStep']>) {
    const length = ({ prompt, chosen, rejected }: PairExample) =>
      prompt.length + chosen.length + rejected.length;
    const tokens = given[0].reduce((sum, pair) => sum + length(pair), 0);
    const seconds = tokens * this.perToken * 4;
    this.spent += seconds;
    return { ...(await super.dpoStep(...given)), tokens, seconds };
  }
}

it.each([1e-5, 1e-4, 1e-3, 1e-2, 0.05])(
  'measures a judge of %f s a token within ten seconds',
  async (pace) => {
    const engine = new SlowEngine(pace);
    const speed = await measureSpeed({ engine, tokenizer: letters, protocol: nanoPoint }, items, work);
    expect(engine.spent).toBeLessThan(10);
    expect(speed.promptToken).toBeCloseTo(pace, 8);
    expect(speed.generatedToken).toBeCloseTo(pace, 8);
    expect(speed.trainedToken).toBeCloseTo(4 * pace, 8);
  },
);

it('leaves as soon as somebody needs the engine, and leaves no training behind', async () => {
  const engine = new SlowEngine(1e-5);
  const front = new AbortController();
  const step = engine.dpoStep.bind(engine);
  engine.dpoStep = (...given) => {
    front.abort();
    return step(...given);
  };
  const device = { engine, tokenizer: letters, protocol: nanoPoint };
  await expect(measureSpeed(device, items, work, front.signal)).rejects.toThrow();
  expect([engine.steps, engine.training]).toEqual([1, false]);
});
