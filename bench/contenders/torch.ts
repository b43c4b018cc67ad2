import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Bench } from '../bench.ts';
import { perSecond, Unavailable, type Contender, type Measured } from '../contender.ts';
import { LineProcess } from '../line-process.ts';
import type { Preference, Sampling } from '../pages/commands.ts';
import { CORES } from './ours.ts';
import type { LoraSettings } from '../../src/model/lora-settings.ts';

const path = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));

type TorchCommand =
  | ({ do: 'sample' } & Sampling)
  | ({ do: 'prefer' } & Preference)
  | { do: 'supervise'; sequences: number[][]; lora: LoraSettings };

/** @param model path of a model folder, or of a GGUF file */
export async function torch(bench: Bench, model: string, work: TorchCommand): Promise<Contender> {
  const threads = String(CORES);
  const server = new LineProcess(pythonWithTorch(bench), [path('torch/serve.py')], {
    OMP_NUM_THREADS: threads,
    MKL_NUM_THREADS: threads,
  });
  try {
    const given = await server.call<string>({ do: 'open', path: model });
    return {
      given,
      measure: async () => perSecond(await server.call<Measured>(work)),
      close: async () => server.close(),
    };
  } catch (error) {
    server.close();
    throw error;
  }
}

/**
 * `BENCH_PYTHON` from the environment, or an environment below bench/, made from the machine's Python when it is first
 * asked for.
 * @throws Unavailable when there is no torch to be had
 */
function pythonWithTorch({ log }: Bench): string {
  const chosen = process.env['BENCH_PYTHON'];
  if (chosen) return chosen;
  const python = path('.venv/bin/python');
  if (!existsSync(path('.venv/complete'))) install(python, log);
  return python;
}

const PIP = '-m pip install --quiet --retries 1 --only-binary :all: -r'.split(' ');

function install(python: string, log: (line: string) => void): void {
  log('Installing torch into bench/.venv …');
  const steps: [string, string[]][] = [
    ['python3', ['-m', 'venv', path('.venv')]],
    [python, [...PIP, path('torch/requirements.txt')]],
    ['touch', [path('.venv/complete')]],
  ];
  for (const [command, args] of steps) {
    const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
    if (status === 0) continue;
    const reason = error?.message ?? stderr.trim().split('\n').at(-1) ?? '';
    throw new Unavailable(`torch is not to be had here: ${reason}`);
  }
}
