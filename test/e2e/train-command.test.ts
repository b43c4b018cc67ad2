import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSafetensors } from '../../src/model/formats/safetensors.ts';
import type { TrlStep } from '../../scripts/entries/train-pairs.ts';
import { LONG } from '../long.ts';

const DPO = 'test/fixtures/dpo';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'train-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function command(config: string, ...options: string[]) {
  const files = ['--model', 'test/fixtures/models/llama', '--adapter', `${DPO}/adapter-initial`];
  const rest = ['--pairs', `${DPO}/pairs.jsonl`, '--config', config, '--out', join(folder, 'out')];
  return spawnSync('npx', ['--no-install', 'tsx', 'scripts/train.ts', ...files, ...rest, ...options], {
    encoding: 'utf8',
  });
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
const tensors = (path: string) => readSafetensors(new Uint8Array(readFileSync(path)).buffer).arrays;

function tolerance(name: string, step: TrlStep): number {
  // Before anything is learned every margin is 0 but for rounding, and counts either way.
  const undecided = Math.abs(step['rewards/chosen']) + Math.abs(step['rewards/rejected']) < 1e-4;
  if (name === 'rewards/accuracies' && undecided) return 1;
  // The log has seven decimals.
  return name.startsWith('rewards/') ? 3e-4 : Math.max(1e-7, 1e-4 * Math.abs(step[name as keyof TrlStep]));
}

describe('npm run train', () => {
  // `npm test` has the same numbers from the same code in test/browser/train/dpo-trl.test.ts.
  test.runIf(LONG)("takes TRL's log as it is, and logs and trains the same", () => {
    const json = join(folder, 'steps.json');
    const { status, stderr } = command(`${DPO}/sigmoid+sft/log.json`, '--json', json);
    expect(stderr).toContain('step 6/6');
    expect(status).toBe(0);

    const ours = readJson(json) as { config: object; steps: TrlStep[] };
    const theirs = readJson(`${DPO}/sigmoid+sft/log.json`) as { config: object; steps: TrlStep[] };
    expect(ours.config).toEqual(theirs.config);
    expect(ours.steps).toHaveLength(theirs.steps.length);
    ours.steps.forEach((step, i) => {
      for (const [name, value] of Object.entries(step)) {
        const expected = theirs.steps[i]![name as keyof TrlStep];
        const most = tolerance(name, theirs.steps[i]!);
        expect(Math.abs(value - expected), `${name} of step ${i + 1}`).toBeLessThanOrEqual(most);
      }
    });

    const config = readJson(join(folder, 'out/adapter_config.json'));
    expect(config).toMatchObject({ peft_type: 'LORA', r: 4, base_model_name_or_path: '../models/llama' });
    const trained = tensors(join(folder, 'out/adapter_model.safetensors'));
    const final = tensors(`${DPO}/sigmoid+sft/adapter-final/adapter_model.safetensors`);
    expect([...trained.keys()].toSorted()).toEqual([...final.keys()].toSorted());
    for (const [name, { data }] of final) {
      const found = trained.get(name)!.data;
      expect(data.every((value, i) => Math.abs(value - found[i]!) < 2e-3)).toBe(true);
    }
  });

  test.runIf(LONG)('says what is wrong with a configuration', () => {
    const config = join(folder, 'config.json');
    writeFileSync(config, JSON.stringify({ loss_type: "['sigmoid']", f_divergence_type: 'forward_kl' }));
    const { status, stderr } = command(config);
    expect(status).toBe(1);
    expect(stderr).toContain('f_divergence_type');
  });
});
