import type { GgufMetadata } from './gguf-header.ts';
import { GgufError } from './gguf-error.ts';

/** Keys of one id each: the end of a text, of a turn of a conversation, of a message within a turn (ggml's docs/gguf.md). */
const SINGLE = ['eos_token_id', 'eot_token_id', 'eom_token_id'];

/** Ollama's converter (convert/tokenizer.go) lists all ends that generation_config.json names. */
const LIST = 'eos_token_ids';

/**
 * What ends an answer of the families built in. Many conversational files name the end of a text alone; llama.cpp then
 * finds the others by what they say (llama-vocab.cpp, `special_eog_ids`).
 */
const SPELLINGS: ReadonlySet<string> = new Set([
  '<|im_end|>',
  '<|endoftext|>',
  '<|eot_id|>',
  '<|eom_id|>',
  '<|end_of_text|>',
  '<end_of_turn>',
]);

/**
 * Ids of the tokens that end a text, as generation_config.json lists them: what the file names, and for a model with a
 * template for conversations what its vocabulary spells as such an end. Without a template there are no turns to end.
 * @throws GgufError where an id is none
 */
export function endTokens(metadata: GgufMetadata): number[] {
  const named = [...SINGLE, LIST].flatMap((key) => idsUnder(metadata, `tokenizer.ggml.${key}`));
  const tokens = metadata.get('tokenizer.ggml.tokens');
  const spelled =
    metadata.has('tokenizer.chat_template') && Array.isArray(tokens)
      ? tokens.flatMap((token, id) => (SPELLINGS.has(token as string) ? [id] : []))
      : [];
  return [...new Set([...named, ...spelled])];
}

function idsUnder(metadata: GgufMetadata, key: string): number[] {
  const ids = [metadata.get(key) ?? []].flat() as unknown[];
  if (!ids.every((id) => Number.isInteger(id) && (id as number) >= 0))
    throw new GgufError(`The GGUF metadata "${key}" holds no token id.`);
  return ids as number[];
}
