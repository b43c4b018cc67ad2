import type { Asked, Protocol } from './protocol.ts';

/** What judging needs of a tokenizer (see `src/model/formats/tokenizer.ts`). `encode` adds no special tokens. */
export interface TextTokenizer {
  encode(text: string): Int32Array;
  decode(ids: ArrayLike<number>): string;
  readonly bos: number;
  /** Ids of a conversation up to where the model is to answer, by the model's own template. */
  encodeChat?(messages: readonly { role: 'user'; content: string }[]): Int32Array;
  /** The text of such a conversation, control tokens by their names. */
  chatText?(messages: readonly { role: 'user'; content: string }[]): string;
  readonly hasChatTemplate?: boolean;
}

/**
 * The ids that the judge continues: `<bos>` and the rendered subject, or for a model that was taught to converse a message
 * to it, where the protocol asks in words.
 */
export function promptIds<Subject>(
  tokenizer: TextTokenizer,
  protocol: Protocol<Subject>,
  subject: Subject,
  asked?: Asked,
): Int32Array {
  const content = protocol.render(subject, asked);
  if (protocol.asksInWords && tokenizer.hasChatTemplate && tokenizer.encodeChat)
    return tokenizer.encodeChat([{ role: 'user', content }]);
  return Int32Array.from([tokenizer.bos, ...tokenizer.encode(content)]);
}

/**
 * The prompt of `promptIds` as text. The beginning token is no part of it, unless the model's template writes it: who
 * tokenises the text adds it where the model's tokenizer does.
 */
export function promptText<Subject>(
  tokenizer: TextTokenizer,
  protocol: Protocol<Subject>,
  subject: Subject,
): string {
  const content = protocol.render(subject);
  if (protocol.asksInWords && tokenizer.hasChatTemplate && tokenizer.chatText)
    return tokenizer.chatText([{ role: 'user', content }]);
  return content;
}

/** What a completion says as text; the token that ended it, whichever of the model's ends it is, is not part of it. */
export function completionText(
  tokenizer: TextTokenizer,
  { ids, finished }: { ids: Int32Array; finished: boolean },
): string {
  return tokenizer.decode(finished ? ids.subarray(0, -1) : ids);
}
