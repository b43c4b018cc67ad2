import * as v from 'valibot';
import { ModelConfigError } from './config-error.ts';

/** Stretches the rotary embedding beyond the lengths that a model was first trained on. */
export type RopeScaling =
  /** All frequencies divided by `factor` (position interpolation, Chen et al. 2023). */
  | { type: 'linear'; factor: number }
  /**
   * Llama 3.1: wavelengths above originalLength / lowFrequency are stretched by `factor`, those below
   * originalLength / highFrequency stay, those between are blended.
   */
  | {
      type: 'llama3';
      factor: number;
      lowFrequency: number;
      highFrequency: number;
      originalLength: number;
    }
  /** Frequency j divided by divisors[j]: how GGUF files publish Llama 3's scaling (tensor rope_freqs). */
  | { type: 'divisors'; divisors: number[] };

/** A rotary position embedding (Su et al. 2021). */
export interface Rope {
  theta: number;
  scaling: RopeScaling | null;
}

/**
 * Radians per position of each pair of a head's elements, [headSize / 2]: θ^(−2j/d), scaled. Rounded to float32 in the
 * steps in which transformers rounds: at position 100,000 the last bit is some thousandths of a radian.
 */
export function ropeFrequencies({ theta, scaling }: Rope, headSize: number): Float32Array {
  const plain = Float32Array.from(
    { length: headSize / 2 },
    (_, j) => 1 / Math.fround(theta ** ((2 * j) / headSize)),
  );
  return scaling ? plain.map((frequency, j) => scaled(frequency, j, scaling)) : plain;
}

function scaled(frequency: number, j: number, scaling: RopeScaling): number {
  if (scaling.type === 'linear') return frequency / scaling.factor;
  if (scaling.type === 'divisors') return frequency / (scaling.divisors[j] as number);
  const { factor, lowFrequency, highFrequency, originalLength } = scaling;
  const turns = (originalLength * frequency) / (2 * Math.PI); // full turns within the original length
  const kept = Math.min(1, Math.max(0, (turns - lowFrequency) / (highFrequency - lowFrequency)));
  return (1 - kept) * (frequency / factor) + kept * frequency;
}

const positive = v.pipe(v.number(), v.finite(), v.gtValue(0));

/** One rope, in the spelling of `rope_parameters` (transformers 5) or of `rope_scaling` (before). */
const RopeKeys = v.object({
  rope_theta: v.optional(v.nullable(positive)),
  rope_type: v.optional(v.string()),
  type: v.optional(v.string()),
  factor: v.optional(positive),
  low_freq_factor: v.optional(positive),
  high_freq_factor: v.optional(positive),
  original_max_position_embeddings: v.optional(positive),
  divisors: v.optional(v.pipe(v.array(positive), v.maxLength(512))),
});

type RopeKeys = v.InferOutput<typeof RopeKeys>;

/** The keys of config.json that a model's ropes are read from. */
export interface RopeFile {
  rope_theta?: number | undefined;
  /** Base of the sliding layers' rope; the others' is rope_theta. */
  rope_local_base_freq?: number | undefined;
  rope_scaling?: Record<string, unknown> | null | undefined;
  rope_parameters?: Record<string, unknown> | null | undefined;
}

/**
 * The ropes of full and of sliding layers, from either spelling: `rope_theta` with `rope_scaling`, or `rope_parameters`,
 * which may hold one rope for each kind of layer.
 * @throws ModelConfigError when a rope is malformed or of a kind that is not built in.
 */
export function readRopes(file: RopeFile): { full: Rope; sliding: Rope } {
  const parameters = file.rope_parameters ?? {};
  const nested = 'full_attention' in parameters || 'sliding_attention' in parameters;
  const theta = file.rope_theta ?? 10_000;
  const common = file.rope_parameters ?? file.rope_scaling ?? {};
  const full = readRope(nested ? (parameters['full_attention'] ?? {}) : common, theta);
  if (nested) {
    const local = file.rope_local_base_freq ?? theta;
    return { full, sliding: readRope(parameters['sliding_attention'] ?? {}, local) };
  }
  // Before `rope_parameters`, scaling was for the full layers of a model with two bases.
  const local = file.rope_local_base_freq;
  return { full, sliding: local === undefined ? full : { theta: local, scaling: null } };
}

function readRope(json: unknown, theta: number): Rope {
  const parsed = v.safeParse(RopeKeys, json);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    throw new ModelConfigError(
      `config.json: rotary embedding: ${v.getDotPath(issue) ?? 'the entry'}: ${issue.message}`,
    );
  }
  return { theta: parsed.output.rope_theta ?? theta, scaling: readScaling(parsed.output) };
}

function readScaling(keys: RopeKeys): RopeScaling | null {
  const type = keys.rope_type ?? keys.type ?? 'default';
  const need = (
    name: 'factor' | 'low_freq_factor' | 'high_freq_factor' | 'original_max_position_embeddings',
  ) => {
    const value = keys[name];
    if (value !== undefined) return value;
    throw new ModelConfigError(`config.json: the rotary embedding of type "${type}" lacks "${name}".`);
  };
  if (type === 'default') return null;
  if (type === 'linear') return { type, factor: need('factor') };
  if (type === 'divisors' && keys.divisors) return { type, divisors: keys.divisors };
  if (type !== 'llama3') {
    throw new ModelConfigError(
      `This model cannot run here: its rotary embedding is scaled by "${type}"; "linear" and "llama3" are built in.`,
    );
  }
  const [lowFrequency, highFrequency] = [need('low_freq_factor'), need('high_freq_factor')];
  if (highFrequency <= lowFrequency) {
    throw new ModelConfigError(
      'config.json: rotary embedding: high_freq_factor must be above low_freq_factor.',
    );
  }
  const originalLength = need('original_max_position_embeddings');
  return { type, factor: need('factor'), lowFrequency, highFrequency, originalLength };
}
