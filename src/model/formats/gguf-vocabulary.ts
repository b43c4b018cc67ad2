import { endTokens } from './gguf-end-tokens.ts';
import type { GgufMetadata } from './gguf-header.ts';
import type { TokenizerFiles } from './tokenizer-files.ts';
import { TokenizerError } from './tokenizer-json-values.ts';

/**
 * A GGUF file has no tokenizer.json, only lists under `tokenizer.ggml.*` (ggml's docs/gguf.md; llama.cpp, llama-vocab.cpp).
 * They are turned into the tokenizer.json that the model was published with, so that there is one tokenizer for both.
 */

/** llama.cpp's `llama_token_type`. */
const NORMAL = 1;
const UNKNOWN = 2;
const CONTROL = 3;
const USER_DEFINED = 4;

/** Longer pieces than any known (Gemma's is 31 spaces); deriving merges takes the square of the length. */
const MAX_PIECE_LENGTH = 512;

interface Vocabulary {
  tokens: string[];
  types: number[];
  special: { bos: number | null; eos: number | null; unk: number | null; pad: number | null };
  /** All tokens that end a text, `special.eos` among them. */
  ends: number[];
}

/** @throws TokenizerError when the lists are malformed, or the vocabulary is of a kind that is not computed here. */
export function tokenizerFromGguf(metadata: GgufMetadata): TokenizerFiles {
  const kind = metadata.get('tokenizer.ggml.model');
  if (kind !== 'gpt2' && kind !== 'llama')
    throw new TokenizerError(
      `The GGUF's vocabulary is of the kind "${String(kind)}"; "gpt2" and "llama" can be used.`,
    );
  const vocabulary = readVocabulary(metadata, kind);
  const pipeline = kind === 'gpt2' ? byteLevel(metadata) : sentencePiece(metadata, vocabulary);
  const { tokens, special } = vocabulary;
  const name = (id: number | null) => (id === null ? null : tokens[id]!);
  const template = metadata.get('tokenizer.chat_template');
  return {
    tokenizerJson: {
      ...pipeline,
      added_tokens: addedTokens(vocabulary, kind),
      post_processor: wrapWith(metadata, vocabulary, kind),
    },
    tokenizerConfig: {
      bos_token: name(special.bos),
      eos_token: name(special.eos),
      unk_token: name(special.unk),
      pad_token: name(special.pad),
    },
    chatTemplate: typeof template === 'string' ? template : null,
  };
}

type Kind = 'gpt2' | 'llama';

function readVocabulary(metadata: GgufMetadata, kind: Kind): Vocabulary {
  const written = listOf(metadata, 'tokens', (token) => typeof token === 'string') as string[];
  const types = metadata.has('tokenizer.ggml.token_type')
    ? numbersOf(metadata, 'token_type', written.length)
    : new Array<number>(written.length).fill(NORMAL);
  // llama.cpp writes a user's own SentencePiece symbols with plain spaces.
  const tokens = kind === 'llama' ? written.map((token) => token.replaceAll(' ', '▁')) : written;
  if (new Set(tokens).size !== tokens.length) fail('a token stands in the vocabulary twice');
  const id = (key: string, usual: number | null): number | null => {
    const value: unknown = metadata.get(`tokenizer.ggml.${key}_token_id`) ?? usual;
    if (value === null) return null;
    if (!Number.isInteger(value) || !((value as number) in tokens))
      fail(`${key}_token_id is not in the vocabulary`);
    return value as number;
  };
  const usual = (value: number) => (kind === 'llama' ? value : null);
  const ends = endTokens(metadata);
  if (!ends.every((end) => end in tokens)) fail('an end token is not in the vocabulary');
  return {
    tokens,
    types,
    // What llama.cpp takes where the file is silent.
    special: {
      bos: id('bos', usual(1)),
      eos: id('eos', usual(2)),
      unk: id('unknown', usual(0)),
      pad: id('padding', null),
    },
    ends,
  };
}

function addedTokens({ tokens, types, special, ends }: Vocabulary, kind: Kind): object[] {
  // Some files call the end of a turn a user's symbol: a graded text must not be able to end the judge's turn.
  const named = new Set([...Object.values(special), ...ends]);
  return tokens.flatMap((content, id) => {
    const isControl = types[id] === CONTROL || types[id] === UNKNOWN || named.has(id);
    if (!isControl && types[id] !== USER_DEFINED) return [];
    // A user's symbols are looked for after spaces have become "▁", as SentencePiece does.
    const normalized = !isControl && kind === 'llama';
    return [
      { id, content, single_word: false, lstrip: false, rstrip: false, normalized, special: isControl },
    ];
  });
}

/** The beginning and end that the model puts around a text; llama.cpp's defaults where the file is silent. */
function wrapWith(metadata: GgufMetadata, { tokens, special }: Vocabulary, kind: Kind): object {
  const beginsByItself = kind === 'llama' || LLAMA3.has(preOf(metadata));
  const adds = (key: string, usual: boolean) =>
    (metadata.get(`tokenizer.ggml.add_${key}_token`) ?? usual) === true;
  const before = adds('bos', beginsByItself) && special.bos !== null ? [special.bos] : [];
  const after = adds('eos', false) && special.eos !== null ? [special.eos] : [];
  const token = (id: number) => ({ SpecialToken: { id: tokens[id], type_id: 0 } });
  const single = [...before.map(token), { Sequence: { id: 'A', type_id: 0 } }, ...after.map(token)];
  const named = (id: number) => ({ id: tokens[id]!, ids: [id], tokens: [tokens[id]!] });
  return {
    type: 'TemplateProcessing',
    single,
    // Pairs of texts are not encoded here; Python's reader wants the key.
    pair: [...single, { Sequence: { id: 'B', type_id: 1 } }],
    special_tokens: Object.fromEntries([...before, ...after].map((id) => [tokens[id]!, named(id)])),
  };
}

// ---- byte-level BPE --------------------------------------------------------------------------------------------

const LLAMA3 = new Set(['llama-bpe', 'llama3', 'llama-v3']);

const splitBy = (figures: string) => ({
  type: 'Split',
  pattern: {
    Regex: `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${figures}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`,
  },
  behavior: 'Isolated',
  invert: false,
});
const bytes = (useRegex: boolean) => ({
  type: 'ByteLevel',
  add_prefix_space: false,
  trim_offsets: true,
  use_regex: useRegex,
});
const LLAMA3_SPLIT = [splitBy('\\p{N}{1,3}'), bytes(false)];
const QWEN_SPLIT = [splitBy('\\p{N}'), bytes(false)];

/** How text is cut before merging, by `tokenizer.ggml.pre`. */
const PRE_TOKENIZERS: ReadonlyMap<string, object[]> = new Map([
  ['gpt-2', [bytes(true)]],
  ['smollm', [{ type: 'Digits', individual_digits: true }, bytes(true)]],
  ['qwen2', QWEN_SPLIT],
  ['deepseek-r1-qwen', QWEN_SPLIT],
  ...Array.from(LLAMA3, (name): [string, object[]] => [name, LLAMA3_SPLIT]),
]);

function preOf(metadata: GgufMetadata): string {
  const pre = metadata.get('tokenizer.ggml.pre');
  return typeof pre === 'string' ? pre : '';
}

function byteLevel(metadata: GgufMetadata): object {
  const pre = preOf(metadata);
  const pretokenizers = PRE_TOKENIZERS.get(pre);
  if (!pretokenizers)
    throw new TokenizerError(
      `The GGUF cuts text in the manner "${pre}"; known here: ${[...PRE_TOKENIZERS.keys()].join(', ')}.`,
    );
  const tokens = metadata.get('tokenizer.ggml.tokens') as string[];
  return {
    // Qwen's tokenizer.json normalises; llama.cpp leaves that out.
    normalizer: pretokenizers === QWEN_SPLIT ? { type: 'NFC' } : null,
    pre_tokenizer: { type: 'Sequence', pretokenizers },
    model: {
      type: 'BPE',
      ignore_merges: pretokenizers === LLAMA3_SPLIT,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges: listOf(metadata, 'merges', (merge) => typeof merge === 'string'),
    },
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
  };
}

// ---- SentencePiece BPE -----------------------------------------------------------------------------------------

function sentencePiece(metadata: GgufMetadata, { tokens, types, special }: Vocabulary): object {
  const marksStart = (metadata.get('tokenizer.ggml.add_space_prefix') ?? true) === true;
  const scores = numbersOf(metadata, 'scores', tokens.length);
  const mark = { type: 'Replace', pattern: { String: ' ' }, content: '▁' };
  return {
    normalizer: marksStart
      ? { type: 'Sequence', normalizers: [{ type: 'Prepend', prepend: '▁' }, mark] }
      : mark,
    pre_tokenizer: null,
    model: {
      type: 'BPE',
      byte_fallback: true,
      fuse_unk: true,
      unk_token: special.unk === null ? null : tokens[special.unk],
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges: mergesFromScores(tokens, types, scores),
    },
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
        { type: 'ByteFallback' },
        { type: 'Fuse' },
        ...(marksStart ? [{ type: 'Strip', content: ' ', start: 1, stop: 0 }] : []),
      ],
    },
  };
}

/**
 * SentencePiece merges the neighbours whose union has the best score. As a list of merges: every way of cutting a piece
 * into two pieces, best piece first; among the cuts of one piece the longest left half first (transformers,
 * `generate_merges`).
 */
function mergesFromScores(tokens: string[], types: number[], scores: number[]): string[][] {
  const pieces = new Set(tokens.filter((_, id) => types[id] === NORMAL));
  const byScore = tokens.flatMap((token, id) =>
    types[id] === NORMAL ? [{ token, score: scores[id]! }] : [],
  );
  byScore.sort((a, b) => b.score - a.score);
  return byScore.flatMap(({ token }) => {
    if (token.length > MAX_PIECE_LENGTH) fail(`a token is longer than ${MAX_PIECE_LENGTH} characters`);
    const cuts: string[][] = [];
    for (let at = token.length - 1; at > 0; at--) {
      const [left, right] = [token.slice(0, at), token.slice(at)];
      if (pieces.has(left) && pieces.has(right)) cuts.push([left, right]);
    }
    return cuts;
  });
}

// ---- checks ----------------------------------------------------------------------------------------------------

function fail(problem: string): never {
  throw new TokenizerError(`The GGUF's vocabulary cannot be read: ${problem}.`);
}

function listOf(metadata: GgufMetadata, key: string, isRight: (entry: unknown) => boolean): unknown[] {
  const list = metadata.get(`tokenizer.ggml.${key}`);
  if (!Array.isArray(list) || list.length === 0 || !list.every(isRight))
    return fail(`tokenizer.ggml.${key} is missing or malformed`);
  return list as unknown[];
}

function numbersOf(metadata: GgufMetadata, key: string, length: number): number[] {
  const numbers = listOf(metadata, key, Number.isFinite) as number[];
  return numbers.length === length ? numbers : fail(`tokenizer.ggml.${key} is not one for each token`);
}
