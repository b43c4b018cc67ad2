import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';

/** Text to token ids and back, for one model. */
export interface Tokenizer {
  /** Ids of the text alone; special tokens are neither added nor recognised in it. */
  encode(text: string): Int32Array;
  /** The text of the ids, special tokens left out. Bytes that are no UTF-8 become U+FFFD. */
  decode(ids: ArrayLike<number>): string;
  readonly bos: number;
  readonly eos: number;
  readonly pad: number;
  readonly vocabularySize: number;
}

/** Thrown when a tokenizer.json cannot be used. */
export class TokenizerError extends Error {
  override name = 'TokenizerError';
}

/** tokenizer_config.json, as far as it is read here. */
export interface TokenizerConfig {
  bos_token?: TokenName;
  eos_token?: TokenName;
  pad_token?: TokenName;
}

type TokenName = string | { content: string } | null;

/**
 * A tokenizer from a parsed tokenizer.json, and tokenizer_config.json where there is one. The beginning and end
 * tokens are those that the config names, else `<bos>` and `<eos>`; padding falls back to the end token.
 * @throws TokenizerError when the file is no tokenizer, or a token it needs is not in its vocabulary.
 */
export function createTokenizer(tokenizerJson: object, config: TokenizerConfig = {}): Tokenizer {
  const inner = open(tokenizerJson, config);
  const plain = open(withoutSpecialTokens(tokenizerJson), config);
  const vocabulary = inner.get_vocab(true);
  const eos = idOf(inner, config.eos_token, '<eos>');
  return {
    encode: (text) => Int32Array.from(plain.encode(text, { add_special_tokens: false }).ids),
    decode: (ids) => (ids.length === 0 ? '' : inner.decode(Array.from(ids), DECODING)),
    bos: idOf(inner, config.bos_token, '<bos>', eos),
    eos,
    pad: idOf(inner, config.pad_token, '<pad>', eos),
    vocabularySize: Math.max(...vocabulary.values()) + 1,
  };
}

const DECODING = { skip_special_tokens: true, clean_up_tokenization_spaces: false };

/**
 * The same tokenizer, blind to special tokens: a graded response that contains "<eos>" must reach the judge as
 * those five characters, not as the end of its prompt.
 */
function withoutSpecialTokens(tokenizerJson: object): object {
  const added = (tokenizerJson as { added_tokens?: { special?: boolean }[] }).added_tokens ?? [];
  return { ...tokenizerJson, added_tokens: added.filter(({ special }) => !special) };
}

function open(tokenizerJson: object, config: TokenizerConfig): HuggingFaceTokenizer {
  try {
    return new HuggingFaceTokenizer(tokenizerJson, config);
  } catch (cause) {
    throw new TokenizerError('This tokenizer.json cannot be read. Is it a Hugging Face "fast" tokenizer?', {
      cause,
    });
  }
}

function idOf(
  inner: HuggingFaceTokenizer,
  named: TokenName | undefined,
  usual: string,
  fallback?: number,
): number {
  const token = (typeof named === 'object' ? named?.content : named) ?? usual;
  const id = inner.token_to_id(token) ?? fallback;
  if (id === undefined) throw new TokenizerError(`The tokenizer's vocabulary has no token "${token}".`);
  return id;
}
