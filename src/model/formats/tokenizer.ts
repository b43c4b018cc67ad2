import { Tokenizer as Library } from '@huggingface/tokenizers';
import { answerEnd, encodePieces } from './chat-encoding.ts';
import { parseChatTemplate, templateOf, type ChatMessage, type ChatTemplate } from './chat-template.ts';
import { readTokenizerJson, withoutStart, type TokenizerJson } from './tokenizer-json.ts';
import { TokenizerError } from './tokenizer-json-values.ts';

export { TokenizerError };

/** Text to token ids and back, for one model. */
export interface Tokenizer {
  /**
   * Ids of the text. Control tokens such as `<|im_end|>` are not recognised in it. With `addSpecial` the model's own
   * beginning and end are put around it, as transformers' `tokenizer(text)` does.
   */
  encode(text: string, options?: { addSpecial?: boolean }): Int32Array;
  /**
   * Ids of a conversation up to where the model is to answer, as transformers' `apply_chat_template` gives them, except
   * that control tokens are recognised in the template's own text only: what a message says stays plain characters.
   * A model without a template gets its beginning token and the messages' texts, an empty line between them.
   * @throws ChatTemplateError when the template is no Jinja, or refuses these messages.
   */
  encodeChat(messages: readonly ChatMessage[]): Int32Array;
  /** The text that `encodeChat` takes apart, control tokens by their names: transformers' with `tokenize=False`. */
  chatText(messages: readonly ChatMessage[]): string;
  /** The text of the ids, control tokens left out. Bytes that are no UTF-8 become U+FFFD. */
  decode(ids: ArrayLike<number>): string;
  readonly hasChatTemplate: boolean;
  readonly bos: number;
  readonly eos: number;
  readonly pad: number;
  /** What ends an answer in a conversation: the control token that the template puts after one, else `eos`. */
  readonly endOfTurn: number;
  readonly vocabularySize: number;
}

/** tokenizer_config.json, as far as it is read here. */
export interface TokenizerConfig {
  bos_token?: TokenName;
  eos_token?: TokenName;
  pad_token?: TokenName;
  unk_token?: TokenName;
  chat_template?: unknown;
}

type TokenName = string | { content: string } | null;

/**
 * A tokenizer from a parsed tokenizer.json, tokenizer_config.json where there is one, and the model's chat template
 * (by default the one in the config). The beginning and end tokens are those that the config names, else `<bos>` and
 * `<eos>`; padding falls back to the end token.
 * @throws TokenizerError when the file is no tokenizer, or cannot be computed exactly, or a token it needs is missing.
 */
export function createTokenizer(
  tokenizerJson: object,
  config: TokenizerConfig = {},
  chatTemplate: string | null = templateOf(config.chat_template),
): Tokenizer {
  const names = {
    bos: nameOf(config.bos_token),
    eos: nameOf(config.eos_token),
    pad: nameOf(config.pad_token),
  };
  const json = readTokenizerJson(
    tokenizerJson,
    [...Object.values(names), nameOf(config.unk_token)].filter((name) => name !== null),
  );
  const text = openText(json);
  const eos = text.idOf(names.eos ?? '<eos>');
  if (eos === null)
    throw new TokenizerError(`The tokenizer's vocabulary has no token "${names.eos ?? '<eos>'}".`);
  const bos = text.idOf(names.bos ?? '<bos>') ?? eos;
  const template = chatTemplate === null ? null : onFirstUse(chatTemplate);
  const tokens = { bosToken: names.bos ?? '', eosToken: names.eos ?? '' };
  const piecesOf = (messages: readonly ChatMessage[]) =>
    template?.(messages, { ...tokens, addGenerationPrompt: true });
  return {
    encode: (given, options) => {
      const ids = text.encode(given.toWellFormed(), true);
      return Int32Array.from(options?.addSpecial ? [...json.before, ...ids, ...json.after] : ids);
    },
    encodeChat: (messages) => {
      const pieces = piecesOf(messages);
      const plain = () => [bos, ...text.encode(withoutTemplate(messages), true)];
      return Int32Array.from(pieces ? encodePieces(pieces, json.control, text.encode) : plain());
    },
    chatText: (messages) => piecesOf(messages)?.map((piece) => piece.text).join('') ?? withoutTemplate(messages), // prettier-ignore
    decode: text.decode,
    hasChatTemplate: template !== null,
    bos,
    eos,
    pad: text.idOf(names.pad ?? '<pad>') ?? eos,
    endOfTurn: (template && answerEnd(template, tokens, json.control)) ?? eos,
    vocabularySize: text.size,
  };
}

/** What a model without a template reads of a conversation. */
function withoutTemplate(messages: readonly ChatMessage[]): string {
  const texts = messages.map(({ content }) => content);
  return texts.join('\n\n').toWellFormed();
}

/** A template that cannot be read spoils conversations, not the model: text still goes without it. */
function onFirstUse(source: string): ChatTemplate {
  let template: ChatTemplate | undefined;
  return (messages, options) => (template ??= parseChatTemplate(source))(messages, options);
}

const nameOf = (token: TokenName | undefined): string | null =>
  (typeof token === 'object' ? token?.content : token) ?? null;

/** Plain text and ids, blind to control tokens. */
interface PlainText {
  /** @param atStart false for a text that follows a control token, which a few tokenizers cut otherwise. */
  encode: (text: string, atStart: boolean) => number[];
  decode: (ids: ArrayLike<number>) => string;
  idOf: (token: string) => number | null;
  size: number;
}

function openText(json: TokenizerJson): PlainText {
  const library = open(json.blind);
  let following: Library | null = null;
  const after = () => (following ??= json.marksStart ? open(withoutStart(json)) : library);
  const known = (id: number) => library.id_to_token(id) !== undefined && !control.has(id);
  const control = new Map(json.control.map(({ id, content }) => [id, content]));
  const ids = [...library.get_vocab(true).values(), ...control.keys()];
  return {
    encode: (text, atStart) =>
      text === '' ? [] : (atStart ? library : after()).encode(text, { add_special_tokens: false }).ids,
    decode: (given) => {
      const plain = Array.from(given).filter(known);
      return plain.length === 0 ? '' : library.decode(plain, { clean_up_tokenization_spaces: false });
    },
    idOf: (token) =>
      json.control.find(({ content }) => content === token)?.id ?? library.token_to_id(token) ?? null,
    // No spread: a vocabulary is longer than an argument list may be.
    size: ids.reduce((highest, id) => Math.max(highest, id), 0) + 1,
  };
}

function open(blind: object): Library {
  try {
    const library = new Library(blind, {});
    keepByteOrderMark(library);
    return library;
  } catch (cause) {
    throw new TokenizerError('This tokenizer.json cannot be read. Is it a Hugging Face "fast" tokenizer?', {
      cause,
    });
  }
}

/** The library decodes bytes with a decoder that swallows U+FEFF at the start of each run of byte tokens. */
function keepByteOrderMark({ decoder }: Library): void {
  interface WithBytes {
    decoders?: WithBytes[];
    text_decoder?: TextDecoder;
  }
  const visit = (part: WithBytes | null) => {
    if (part?.text_decoder) part.text_decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    part?.decoders?.forEach(visit);
  };
  visit(decoder as WithBytes | null);
}
