import * as v from 'valibot';
import type { LoraSettings } from '../lora-settings.ts';
import { regexProblem } from './regex-problem.ts';

/** An adapter that cannot be used with this model, with the reason in words. */
export class AdapterError extends Error {
  override name = 'AdapterError';
}

/** What adapter_config.json says, as far as a LoRA adapter's outcome depends on it. */
export interface AdapterConfig extends LoraSettings {
  /** Whether a module ("model.layers.0.self_attn.q_proj") is among the adapted ones. */
  adapts: (module: string) => boolean;
}

const names = v.union([v.string(), v.array(v.string())]);
const layer = v.pipe(v.number(), v.integer(), v.minValue(0));

const ConfigFile = v.looseObject({
  peft_type: v.literal('LORA', 'it is not a LoRA adapter'),
  task_type: v.nullish(v.literal('CAUSAL_LM', 'it is not for a causal language model')),
  r: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4096)),
  lora_alpha: v.pipe(v.number(), v.finite(), v.gtValue(0)),
  use_rslora: v.nullish(v.boolean(), false),
  target_modules: names,
  exclude_modules: v.nullish(names),
  layers_to_transform: v.nullish(v.union([layer, v.array(layer)])),
  layers_pattern: v.nullish(
    v.union([v.picklist(['', 'layers']), v.pipe(v.array(v.literal('layers')), v.maxLength(1))]),
  ),
  bias: v.nullish(v.literal('none', 'it trains biases')),
  init_lora_weights: v.nullish(v.union([v.boolean(), v.string()])),
});

type ConfigFile = v.InferOutput<typeof ConfigFile>;

/** Keys that say where an adapter came from, or what matters only while it is trained or before it was. */
const HARMLESS = new Set([
  ...Object.keys(ConfigFile.entries),
  'auto_mapping',
  'base_model_name_or_path',
  'base_model_class',
  'corda_config',
  'eva_config',
  'inference_mode',
  'loftq_config',
  'lora_dropout',
  'lora_ga_config',
  'megatron_core',
  'parent_library',
  'peft_version',
  'qalora_group_size',
  'revision',
  'runtime_config',
]);

/** What PEFT offers beside plain LoRA, in words. Any other key that says something is named as it is. */
const FOREIGN: Readonly<Record<string, string>> = {
  alpha_pattern: 'it has an alpha of its own for some modules (alpha_pattern)',
  fan_in_fan_out: 'its base model stores weights transposed (fan_in_fan_out)',
  lora_bias: 'it adds biases (lora_bias)',
  modules_to_save: 'it replaces whole modules (modules_to_save)',
  rank_pattern: 'it has a rank of its own for some modules (rank_pattern)',
  target_parameters: 'it adapts parameters outside of linear layers (target_parameters)',
  trainable_token_indices: 'it retrains embeddings (trainable_token_indices)',
  use_dora: 'it is a DoRA adapter, which also rescales the weights',
};

/** Initialisations that leave the base model's weights alone. Others move a part of them into the adapter. */
const INITIALISATIONS = ['gaussian', 'eva', 'orthogonal'];

/**
 * Reads PEFT's adapter_config.json (github.com/huggingface/peft, src/peft/tuners/lora/config.py). A key that is not
 * known and not empty is refused: it may change what the adapter computes.
 * @throws AdapterError
 */
export function readAdapterConfig(json: unknown): AdapterConfig {
  const parsed = v.safeParse(ConfigFile, json);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new AdapterError(`adapter_config.json: ${v.getDotPath(issue) ?? 'the file'}: ${issue.message}.`);
  }
  const file = parsed.output;
  const problem = unsupported(file);
  if (problem) throw new AdapterError(`This adapter cannot be used here: ${problem}.`);
  return {
    rank: file.r,
    alpha: file.lora_alpha,
    ...(file.use_rslora ? { rankStabilised: true } : {}),
    adapts: moduleTest(file),
  };
}

function unsupported(file: ConfigFile): string | null {
  const foreign = Object.keys(file).find((key) => !HARMLESS.has(key) && saysSomething(file[key]));
  if (foreign !== undefined) return FOREIGN[foreign] ?? `its configuration sets "${foreign.slice(0, 80)}"`;
  const { init_lora_weights: initialisation } = file;
  if (typeof initialisation === 'string' && !INITIALISATIONS.includes(initialisation))
    return `it was initialised by "${initialisation.slice(0, 80)}", which changes the base model's weights; PEFT can convert it`;
  return null;
}

function saysSomething(value: unknown): boolean {
  if (value === null || value === undefined || value === false) return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}

/** As PEFT decides it (tuners_utils.py, check_target_module_exists); layers count only beside lists of names. */
function moduleTest(file: ConfigFile): (module: string) => boolean {
  const { target_modules: targets, exclude_modules: excluded, layers_to_transform: layers } = file;
  const isNamed = targets === 'all-linear' ? () => true : nameTest(targets, 'target_modules');
  const isExcluded = excluded && excluded.length > 0 ? nameTest(excluded, 'exclude_modules') : () => false;
  const chosen = layers === null || layers === undefined ? [] : [layers].flat();
  const inLayers = (module: string) =>
    typeof targets === 'string' ||
    targets.includes(module) ||
    chosen.length === 0 ||
    chosen.includes(Number(/\.layers\.(\d+)\./.exec(module)?.[1]));
  return (module) => isNamed(module) && inLayers(module) && !isExcluded(module);
}

/** In a row, of a pattern for modules: their paths have some 40 characters, and patterns that others write have four. */
const MOST_REPETITIONS = 4;

/** A list names modules by the end of their path; a string is a regular expression for the whole path. */
function nameTest(names: string | string[], key: string): (module: string) => boolean {
  if (typeof names !== 'string')
    return (module) => names.some((name) => module === name || module.endsWith(`.${name}`));
  const problem = regexProblem(names, { inARow: MOST_REPETITIONS, sentBack: MOST_REPETITIONS });
  if (problem) throw new AdapterError(`adapter_config.json: the pattern in ${key} ${problem}.`);
  try {
    const pattern = new RegExp(`^(?:${names})$`, 'u');
    return (module) => pattern.test(module);
  } catch (cause) {
    throw new AdapterError(`adapter_config.json: ${key} is no pattern that can be read here.`, { cause });
  }
}

/** adapter_config.json of an adapter on these modules, as PEFT reads it. */
export function writeAdapterConfig(
  { rank, alpha, rankStabilised = false }: LoraSettings,
  modules: string[],
  baseModel: string,
): object {
  return {
    base_model_name_or_path: baseModel,
    bias: 'none',
    fan_in_fan_out: false,
    inference_mode: true,
    init_lora_weights: true,
    lora_alpha: alpha,
    lora_dropout: 0,
    modules_to_save: null,
    peft_type: 'LORA',
    r: rank,
    target_modules: modules,
    task_type: 'CAUSAL_LM',
    use_dora: false,
    use_rslora: rankStabilised,
  };
}
