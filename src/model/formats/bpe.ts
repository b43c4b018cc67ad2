/**
 * Trains a byte-level BPE tokenizer and writes it as a Hugging Face `tokenizer.json` (Sennrich et al. 2016 for
 * BPE; GPT-2's bytes and pre-tokenisation). Digits stand alone, so that every figure and score is one token.
 */

export const SPECIAL_TOKENS = ['<pad>', '<bos>', '<eos>'] as const;

/** GPT-2's pre-tokens: contractions, letters, figures or signs with at most one space before them, and spaces. */
const GPT2_PATTERN = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

/** Each figure alone, and what lies between. */
const DIGITS_PATTERN = /\p{N}|\P{N}+/gu;

/** A word of the corpus as its current symbols, with how often it occurs. */
interface CountedWord {
  symbols: string[];
  count: number;
}

/**
 * Trains on `texts` until the vocabulary has `vocabularySize` entries (special tokens and 256 bytes included), or
 * until no pair occurs twice. Deterministic: of equally frequent pairs the first in code-unit order is merged.
 * @returns the object to be written as tokenizer.json; transformers and tokenizers.js load it.
 */
export function trainTokenizer(texts: Iterable<string>, vocabularySize: number): TokenizerJson {
  const tokens = [...SPECIAL_TOKENS, ...byteAlphabet()];
  if (vocabularySize < tokens.length)
    throw new RangeError(`A byte-level vocabulary needs ${tokens.length} tokens.`);
  const words = countWords(texts);
  const merges: [string, string][] = [];
  while (tokens.length < vocabularySize) {
    const pair = commonestPair(words);
    if (!pair) break;
    merges.push(pair);
    tokens.push(pair.join(''));
    for (const word of words) word.symbols = mergePair(word.symbols, pair);
  }
  return tokenizerJson(tokens, merges);
}

/** GPT-2's printable stand-in for each byte: itself where printable, else the next code point from 256 up. */
function byteSymbols(): string[] {
  const printable = (byte: number) => (byte > 32 && byte < 127) || (byte > 160 && byte !== 173);
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(printable(byte) ? byte : next++));
}

/** The 256 stand-ins in code-point order, as the Python trainer numbers them. */
function byteAlphabet(): string[] {
  return byteSymbols().sort();
}

function countWords(texts: Iterable<string>): CountedWord[] {
  const symbolOf = byteSymbols();
  const counts = new Map<string, number>();
  for (const text of texts) for (const word of preTokens(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const toSymbols = (word: string) =>
    Array.from(new TextEncoder().encode(word), (byte) => symbolOf[byte] as string);
  return [...counts].map(([word, count]) => ({ symbols: toSymbols(word), count }));
}

function* preTokens(text: string): Generator<string> {
  for (const [piece] of text.matchAll(DIGITS_PATTERN))
    for (const [word] of piece.matchAll(GPT2_PATTERN)) yield word;
}

function commonestPair(words: readonly CountedWord[]): [string, string] | null {
  const counts = new Map<string, number>();
  for (const { symbols, count } of words)
    for (let i = 1; i < symbols.length; i++) {
      // No stand-in is a space, so that a space can join the two halves.
      const pair = `${symbols[i - 1]} ${symbols[i]}`;
      counts.set(pair, (counts.get(pair) ?? 0) + count);
    }
  let best: string | null = null;
  let most = 1;
  for (const [pair, count] of counts)
    if (count > most || (count === most && best !== null && pair < best)) [best, most] = [pair, count];
  return best === null ? null : (best.split(' ') as [string, string]);
}

function mergePair(symbols: readonly string[], [left, right]: readonly [string, string]): string[] {
  const merged: string[] = [];
  for (const symbol of symbols)
    if (symbol === right && merged.at(-1) === left) merged[merged.length - 1] = left + right;
    else merged.push(symbol);
  return merged;
}

/** What tokenizer.json holds, as far as this trainer writes it. */
export type TokenizerJson = ReturnType<typeof tokenizerJson>;

function tokenizerJson(tokens: readonly string[], merges: readonly (readonly [string, string])[]) {
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: SPECIAL_TOKENS.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: null,
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Digits', individual_digits: true },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
      ],
    },
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges,
    },
  };
}

/** The tokenizer_config.json that goes with it. */
export const TOKENIZER_CONFIG = {
  tokenizer_class: 'PreTrainedTokenizerFast',
  bos_token: '<bos>',
  eos_token: '<eos>',
  pad_token: '<pad>',
} as const;
