/**
 * genai-nanogpt: TensorFlow.js with WebGPU kernels of its own. A model of the prototype's size (1.6 million parameters)
 * with random weights: it has its own architecture and reads no other's. Its package offers whole jobs only, so the
 * generator and the training step are taken from its modules.
 */
import type { Measured } from '../contender.ts';

export type NanogptCommand =
  | { do: 'open'; mixedPrecision: boolean; lora: number | null }
  | { do: 'sample'; promptTokens: number; newTokens: number; times: number }
  | { do: 'train'; batch: number; tokens: number };

interface Backend {
  selectBackend(name: 'webgpu'): Promise<void>;
}
interface Models {
  default: new (config: object) => Model;
}
interface Model {
  createLoRA(name: string, config: { rank: number; alpha: number; variables: string[] }): void;
  attachLoRA(name: string): void;
}
interface Tokenisers {
  default: new (vocabulary: string[]) => object;
}
interface Generators {
  default: new (
    model: Model,
    tokeniser: object,
  ) => {
    generate(prompt: { role: 'text'; content: string }[], options: object): Promise<unknown>;
    reset(): void;
  };
}
interface Trainers {
  default: new (
    model: Model,
    tokeniser: object,
  ) => {
    setMixedPrecision(on: boolean): void;
    trainStep(state: object, batch: { xs: Ids; ys: Ids }): Ids;
  };
}
interface Ids {
  data(): Promise<ArrayLike<number>>;
  dispose(): void;
}

const DIST = '/bench/node_modules/@genai-fi/nanogpt/dist/';
const load = <T>(path: string) => import(/* @vite-ignore */ DIST + path) as Promise<T>;

const CONFIG = {
  modelType: 'GenAI_NanoGPT_v2',
  vocabSize: 768,
  blockSize: 256,
  nLayer: 5,
  nHead: 5,
  nEmbed: 160,
  mlpFactor: 4, // two matrices of 160 × 640; the prototype has three of 160 × 432
};

const SPECIALS = ['<eos>', '<bos>', '<unk>', '<pad>'];
const LETTERS = 0x4e00;
/** One character a token. */
const VOCABULARY = Array.from(
  { length: CONFIG.vocabSize },
  (_, i) => SPECIALS[i] ?? String.fromCodePoint(LETTERS + i),
);

let model: Model;
let tokeniser: object;
let generator: InstanceType<Generators['default']>;
let trainer: InstanceType<Trainers['default']>;

export default async function run(command: NanogptCommand): Promise<Measured | string> {
  switch (command.do) {
    case 'open':
      return open(command);
    case 'sample':
      return sample(command);
    case 'train':
      return train(command);
  }
}

async function open({ mixedPrecision, lora }: Extract<NanogptCommand, { do: 'open' }>): Promise<string> {
  await (await load<Backend>('backend.js')).selectBackend('webgpu');
  model = new (await load<Models>('models/NanoGPTV2.js')).default(CONFIG);
  tokeniser = new (await load<Tokenisers>('tokeniser/CharTokeniser.js')).default(VOCABULARY);
  generator = new (await load<Generators>('inference/Generator.js')).default(model, tokeniser);
  const trainers = lora ? 'training/SFTTrainer.js' : 'training/PreTrainer.js';
  if (lora) {
    await sample({ do: 'sample', promptTokens: 1, newTokens: 1, times: 1 }); // its weights are made when they are first used
    model.createLoRA('bench', { rank: lora, alpha: 2 * lora, variables: ['block_*'] });
    model.attachLoRA('bench');
  }
  trainer = new (await load<Trainers>(trainers)).default(model, tokeniser);
  trainer.setMixedPrecision(mixedPrecision);
  return 'WebGPU';
}

/** Its generator takes one sequence at a time. */
async function sample({
  promptTokens,
  newTokens,
  times,
}: Extract<NanogptCommand, { do: 'sample' }>): Promise<Measured> {
  const content = VOCABULARY.slice(-promptTokens).join('');
  const start = performance.now();
  for (let i = 0; i < times; i++) {
    generator.reset();
    await generator.generate([{ role: 'text', content }], {
      maxLength: newTokens,
      temperature: 1,
      nonConversational: true,
      allowSpecial: true, // an end token does not end it
    });
  }
  return { tokens: times * newTokens, seconds: (performance.now() - start) / 1000 };
}

async function train({ batch, tokens }: Extract<NanogptCommand, { do: 'train' }>): Promise<Measured> {
  const [xs, ys] = [await randomIds(batch, tokens), await randomIds(batch, tokens)];
  const start = performance.now();
  const loss = trainer.trainStep({}, { xs, ys });
  const [value] = Array.from(await loss.data());
  const seconds = (performance.now() - start) / 1000;
  for (const tensor of [loss, xs, ys]) tensor.dispose();
  if (!Number.isFinite(value)) throw new Error(`The loss is ${value}.`);
  return { tokens: batch * tokens, seconds };
}

/** TensorFlow.js keeps one engine per page, whichever copy of it came first: the peer's. */
async function randomIds(batch: number, tokens: number): Promise<Ids> {
  const tf = await import('@tensorflow/tfjs-core');
  return tf.randomUniformInt([batch, tokens], SPECIALS.length, CONFIG.vocabSize);
}
