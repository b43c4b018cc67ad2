/** A file of a repository or of a folder on this device. */
export interface ModelFile {
  path: string;
  bytes: number;
}

/** One way of loading a model: its safetensors with configuration and tokenizer, or one GGUF file, which holds all three. */
export interface ModelChoice<F extends ModelFile> {
  /** "safetensors", or the GGUF's file name. */
  weights: string;
  files: F[];
  bytes: number;
}

const BESIDE_SAFETENSORS =
  /^(config|generation_config|judge|special_tokens_map|tokenizer[\w-]*)\.json$|^chat_template\.jinja$/;
const ONE_FILE = 'model.safetensors';
const INDEX = 'model.safetensors.index.json';
const SHARD = /^model-\d{5}-of-\d{5}\.safetensors$/;
const PART_OF_GGUF = /-\d{5}-of-\d{5}\.gguf$/;
/** The image half of a model that also sees; no language model. */
const PROJECTOR = /mmproj/i;

/**
 * The ways in which these files make a model, safetensors first; empty where they make none. Everything else in a
 * repository (other frameworks' weights, pictures, licences) is left where it is.
 */
export function modelChoices<F extends ModelFile>(files: readonly F[]): ModelChoice<F>[] {
  const ggufs = files.filter(
    ({ path }) => /\.gguf$/i.test(path) && !PART_OF_GGUF.test(path) && !PROJECTOR.test(path),
  );
  return [...safetensors(files), ...ggufs.map((file) => choice(file.path, [file]))];
}

function safetensors<F extends ModelFile>(files: readonly F[]): ModelChoice<F>[] {
  const has = (name: string) => files.some(({ path }) => path === name);
  if (!has('config.json')) return [];
  const isWeights = has(ONE_FILE)
    ? (path: string) => path === ONE_FILE
    : (path: string) => path === INDEX || SHARD.test(path);
  const needed = files.filter(({ path }) => isWeights(path) || BESIDE_SAFETENSORS.test(path));
  const whole = has(ONE_FILE) || (has(INDEX) && needed.some(({ path }) => SHARD.test(path)));
  return whole ? [choice('safetensors', needed)] : [];
}

const choice = <F extends ModelFile>(weights: string, files: F[]): ModelChoice<F> => ({
  weights,
  files,
  bytes: files.reduce((sum, file) => sum + file.bytes, 0),
});
