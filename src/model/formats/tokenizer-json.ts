import { regexProblem } from './regex-problem.ts';
import { asId, asList, asObject, asText, fail, refuse, type Json } from './tokenizer-json-values.ts';

/**
 * Reads a `tokenizer.json` (the format of github.com/huggingface/tokenizers) strictly, and respells it for
 * `@huggingface/tokenizers`, which takes some parts for others without a word. What it would not compute as the
 * original does is respelled where that is possible, and refused where it is not: a wrong id is a wrong model.
 */

/** A token that stands for itself and is never made by merging, e.g. `<|im_end|>`. */
export interface ControlToken {
  id: number;
  content: string;
  /** Takes the white space before it, or after it, along. */
  lstrip: boolean;
  rstrip: boolean;
}

export interface TokenizerJson {
  /** For the library: control tokens under names that no text contains, no post-processing. */
  blind: object;
  control: ControlToken[];
  /** Ids that the model's post-processor puts around a text. */
  before: number[];
  after: number[];
  /** Whether a text that follows a control token is cut otherwise than one at the start (Metaspace "first"). */
  marksStart: boolean;
}

interface AddedToken extends ControlToken {
  special: boolean;
  /** Whether it is looked for after normalisation. */
  normalized: boolean;
}
const MAX_PARTS = 64;

/** GPT-2's pre-tokens; in the original, `\s` is Unicode's White_Space, with U+0085 and without U+FEFF. */
const GPT2_PATTERN = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

/**
 * @param alsoControl names that the model's configuration gives special meaning, flagged in tokenizer.json or not.
 * @throws TokenizerError
 */
export function readTokenizerJson(json: unknown, alsoControl: readonly string[] = []): TokenizerJson {
  const file = asObject(json, 'tokenizer.json');
  const added = asList(file['added_tokens'] ?? [], 'added_tokens').map(readAddedToken);
  const isControl = (token: AddedToken) => token.special || alsoControl.includes(token.content);
  const control = added.filter(isControl);
  const hidden = new Set(control.map(({ content }) => content));
  const model = asObject(file['model'], 'model');
  const { before, after } = readPostProcessor(file['post_processor'] ?? null);
  const parts = { left: MAX_PARTS };
  const preTokenizer = respell(file['pre_tokenizer'] ?? null, PRE_TOKENIZERS, 'pre-tokenizer', parts);
  return {
    blind: {
      normalizer: respell(file['normalizer'] ?? null, NORMALIZERS, 'normalizer', parts),
      pre_tokenizer: preTokenizer,
      model: Array.isArray(model['vocab']) ? readUnigram(model, hidden) : readBpe(model, hidden),
      post_processor: null,
      decoder: respell(file['decoder'] ?? null, DECODERS, 'decoder', parts),
      added_tokens: added.filter((token) => !isControl(token)).map((token) => ({ ...token, special: false })),
    },
    control,
    before,
    after,
    marksStart: JSON.stringify(preTokenizer).includes('"prepend_scheme":"first"'),
  };
}

/** The same tokenizer for a text that does not stand at the start. */
export function withoutStart({ blind }: TokenizerJson): object {
  const never = (key: string, value: unknown) => (key === 'prepend_scheme' ? 'never' : value);
  const { pre_tokenizer } = blind as Json;
  return { ...blind, pre_tokenizer: JSON.parse(JSON.stringify(pre_tokenizer), never) as unknown };
}

// ---- the model -------------------------------------------------------------------------------------------------

/** A name that a text cannot contain: half a surrogate pair, which no well-formed string has. */
const unreachable = (token: string) => `\uD800${token}`;

function readBpe(model: Json, hidden: ReadonlySet<string>): object {
  if ((model['type'] ?? 'BPE') !== 'BPE') refuse(`its model is "${String(model['type'])}"`);
  for (const key of ['dropout', 'continuing_subword_prefix', 'end_of_word_suffix'])
    if (model[key]) refuse(`its BPE model has "${key}"`);
  const vocabulary = Object.entries(asObject(model['vocab'], 'model.vocab'));
  if (vocabulary.length === 0) fail('model.vocab is empty');
  const known = new Set<string>();
  for (const [token, id] of vocabulary) {
    asId(id, `model.vocab["${token}"]`);
    known.add(token);
  }
  const unknown = model['unk_token'] ?? null;
  if (unknown !== null && !known.has(unknown as string)) fail('model.unk_token is not in the vocabulary');
  const name = (token: string) => (hidden.has(token) ? unreachable(token) : token);
  return {
    type: 'BPE',
    byte_fallback: model['byte_fallback'] === true,
    fuse_unk: model['fuse_unk'] === true,
    ignore_merges: model['ignore_merges'] === true,
    unk_token: unknown === null ? undefined : name(unknown as string),
    vocab: Object.fromEntries(vocabulary.map(([token, id]) => [name(token), id])),
    merges: asList(model['merges'], 'model.merges')
      .map((merge) => readMerge(merge, known))
      .filter(([left, right]) => !hidden.has(left + right) && !hidden.has(left) && !hidden.has(right)),
  };
}

function readMerge(merge: unknown, known: ReadonlySet<string>): [string, string] {
  const [left, right, more] = typeof merge === 'string' ? merge.split(' ') : asList(merge, 'a merge');
  if (typeof left !== 'string' || typeof right !== 'string' || more !== undefined)
    return fail(`the merge ${JSON.stringify(merge)} is not a pair`);
  for (const token of [left, right, left + right])
    if (!known.has(token))
      fail(`the merge ${JSON.stringify(merge)} needs "${token}", which is not in the vocabulary`);
  return [left, right];
}

function readUnigram(model: Json, hidden: ReadonlySet<string>): object {
  if ((model['type'] ?? 'Unigram') !== 'Unigram') refuse(`its model is "${String(model['type'])}"`);
  if (model['byte_fallback'] === true) refuse('its Unigram model falls back to bytes');
  const vocabulary = asList(model['vocab'], 'model.vocab').map((entry, id): [string, number] => {
    const [token, score] = asList(entry, `model.vocab[${id}]`);
    if (typeof token !== 'string' || typeof score !== 'number' || !Number.isFinite(score))
      return fail(`model.vocab[${id}] is not a token and a score`);
    return [hidden.has(token) ? unreachable(token) : token, score];
  });
  const unknown = asId(model['unk_id'], 'model.unk_id');
  if (unknown >= vocabulary.length) fail('model.unk_id is not in the vocabulary');
  return { type: 'Unigram', vocab: vocabulary, unk_id: unknown };
}

// ---- what stands around the model ------------------------------------------------------------------------------

type Respelling = (part: Json, parts: { left: number }) => object;

function respell(
  part: unknown,
  known: ReadonlyMap<string, Respelling>,
  kind: string,
  parts: { left: number },
): object | null {
  if (part === null) return null;
  const object = asObject(part, `the ${kind}`);
  if (--parts.left < 0) refuse(`it has more than ${MAX_PARTS} parts`);
  const respelling = known.get(String(object['type']));
  return respelling ? respelling(object, parts) : refuse(`its ${kind} is "${String(object['type'])}"`);
}

const sequence =
  (key: string, known: () => ReadonlyMap<string, Respelling>): Respelling =>
  (part, parts) => ({
    type: 'Sequence',
    [key]: asList(part[key], key).map((inner) => respell(asObject(inner, key), known(), key, parts)),
  });

const asItIs: Respelling = (part) => part;

/** `$` in the content would be a reference to the match in JavaScript. */
const replace: Respelling = (part) => {
  const content = part['content'];
  if (typeof content !== 'string' || content.includes('$')) refuse('it replaces by something with "$"');
  return { type: 'Replace', pattern: readPattern(part['pattern']), content };
};

const NORMALIZERS: ReadonlyMap<string, Respelling> = new Map([
  ['Sequence', sequence('normalizers', () => NORMALIZERS)],
  ['Replace', replace],
  ['Prepend', (part) => ({ type: 'Prepend', prepend: asText(part['prepend'], 'prepend') })],
  ['NFC', asItIs],
  ['NFD', asItIs],
  ['NFKC', asItIs],
  ['NFKD', asItIs],
]);

const split = (pattern: object) => ({ type: 'Split', pattern, behavior: 'Isolated', invert: false });

const PRE_TOKENIZERS: ReadonlyMap<string, Respelling> = new Map([
  ['Sequence', sequence('pretokenizers', () => PRE_TOKENIZERS)],
  ['Split', respellSplit],
  // The library's digits are ASCII's; the original's are all of Unicode's numbers.
  ['Digits', (part) => split({ Regex: part['individual_digits'] === true ? '\\p{N}' : '\\p{N}+' })],
  ['ByteLevel', respellByteLevel],
  ['Metaspace', respellMetaspace],
]);

const DECODERS: ReadonlyMap<string, Respelling> = new Map([
  ['Sequence', sequence('decoders', () => DECODERS)],
  ['ByteLevel', asItIs],
  ['ByteFallback', asItIs],
  ['Fuse', asItIs],
  ['Replace', replace],
  ['Strip', respellStrip],
  ['Metaspace', respellMetaspaceDecoder],
]);

/** The library knows Isolated only; what merges a single character with a neighbour is a pattern of its own. */
function respellSplit(part: Json): object {
  const pattern = readPattern(part['pattern']);
  const behaviour = String(part['behavior']);
  const inverted = part['invert'] === true;
  if (behaviour === 'Isolated') return split(pattern);
  if (behaviour === 'Removed' && inverted && 'Regex' in pattern)
    return { type: 'Split', pattern, behavior: behaviour, invert: true };
  const character = 'String' in pattern && !inverted ? pattern.String : '';
  if (!/^[ \u2581]$/.test(character)) refuse(`it splits with "${behaviour}"`);
  const merged: Record<string, string> = {
    MergedWithPrevious: `[^${character}]*${character}`,
    MergedWithNext: `${character}[^${character}]*`,
    Contiguous: `${character}+`,
  };
  return split({ Regex: merged[behaviour] ?? refuse(`it splits with "${behaviour}"`) });
}

function respellByteLevel(part: Json): object {
  const bytes = { type: 'ByteLevel', add_prefix_space: false, use_regex: false };
  if (part['add_prefix_space'] === true) refuse('its byte-level pre-tokenizer adds a space');
  if (part['use_regex'] === false) return bytes;
  return { type: 'Sequence', pretokenizers: [split({ Regex: GPT2_PATTERN }), bytes] };
}

/** The library does not cut before the mark, as the original does unless told otherwise. */
function respellMetaspace(part: Json): object {
  const mark = asText(part['replacement'] ?? '▁', 'replacement');
  if (mark !== '▁') refuse(`it marks spaces with "${mark}"`);
  const old = part['add_prefix_space'] === false ? 'never' : 'always';
  const scheme = asText(part['prepend_scheme'] ?? old, 'prepend_scheme');
  const metaspace = { type: 'Metaspace', replacement: mark, prepend_scheme: scheme };
  if (part['split'] === false) return metaspace;
  return { type: 'Sequence', pretokenizers: [metaspace, split({ Regex: `${mark}[^${mark}]*` })] };
}

/** The library takes the leading space away even where none was put. */
function respellMetaspaceDecoder(part: Json): object {
  if (part['prepend_scheme'] !== 'never' && part['add_prefix_space'] !== false) return part;
  return { type: 'Replace', pattern: { String: '▁' }, content: ' ' };
}

function respellStrip(part: Json): object {
  const [start, stop] = [asId(part['start'], 'start'), asId(part['stop'], 'stop')];
  return { type: 'Strip', content: asText(part['content'], 'content'), start, stop };
}

function readPattern(pattern: unknown): { String: string } | { Regex: string } {
  const { String: text, Regex: regex } = asObject(pattern, 'a pattern');
  if (typeof text === 'string' && text !== '') return { String: text };
  const source = asText(regex, 'a pattern');
  const problem = regexProblem(source);
  if (problem) refuse(`its pattern ${source.slice(0, 80)} ${problem}`);
  return { Regex: source };
}

/** Ids before and after a single text; of several processors each wraps what the one before it made. */
function readPostProcessor(part: unknown): { before: number[]; after: number[] } {
  if (part === null) return { before: [], after: [] };
  const processor = asObject(part, 'post_processor');
  if (processor['type'] === 'ByteLevel') return { before: [], after: [] };
  if (processor['type'] === 'TemplateProcessing') return readTemplate(processor);
  if (processor['type'] !== 'Sequence') refuse(`its post-processor is "${String(processor['type'])}"`);
  const inner = asList(processor['processors'], 'processors').map((one) => {
    if (asObject(one, 'a processor')['type'] === 'Sequence') refuse('its post-processors are nested');
    return readPostProcessor(one);
  });
  return {
    before: inner.toReversed().flatMap(({ before }) => before),
    after: inner.flatMap(({ after }) => after),
  };
}

function readTemplate(processor: Json): { before: number[]; after: number[] } {
  const ids = asObject(processor['special_tokens'], 'special_tokens');
  const single = asList(processor['single'], 'single').map((item) => asObject(item, 'single'));
  const text = single.findIndex((item) => 'Sequence' in item);
  if (text < 0) fail('its post-processor leaves the text out');
  const idsOf = (item: Json) => {
    const name = asText(asObject(item['SpecialToken'], 'single')['id'], 'SpecialToken');
    return asList(asObject(ids[name], `special_tokens["${name}"]`)['ids'], 'ids').map((id) => asId(id, name));
  };
  return { before: single.slice(0, text).flatMap(idsOf), after: single.slice(text + 1).flatMap(idsOf) };
}

// ---- added tokens ----------------------------------------------------------------------------------------------

function readAddedToken(value: unknown): AddedToken {
  const token = asObject(value, 'an added token');
  const content = asText(token['content'], 'an added token');
  if (token['single_word'] === true) refuse(`its token "${content}" matches whole words only`);
  return {
    id: asId(token['id'], content),
    content,
    lstrip: token['lstrip'] === true,
    rstrip: token['rstrip'] === true,
    special: token['special'] === true,
    normalized: token['normalized'] !== false,
  };
}
