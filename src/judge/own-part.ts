import type { Protocol } from './protocol.ts';
import { completionText, type TextTokenizer } from './tokenizer.ts';

/** What was sampled: one log-probability an id. */
interface Sampled {
  ids: Int32Array;
  logprobs: Float32Array;
  finished: boolean;
}

/**
 * The part of a completion that is the judgment, and its text. It is all of it, except where the protocol names an end of
 * its own (`Protocol.ownEnd`): there the judgment's tokens go up to the one that completes that end, which is trained on
 * as `<eos>` is elsewhere, and a judgment that came to it is finished, whatever the model wrote after it.
 */
export function ownPart(
  tokenizer: TextTokenizer,
  { ownEnd }: Pick<Protocol<never>, 'ownEnd'>,
  { ids, logprobs, finished }: Sampled,
): Sampled & { text: string } {
  const whole = { ids, logprobs, finished, text: completionText(tokenizer, { ids, finished }) };
  const end = ownEnd === undefined ? -1 : whole.text.indexOf(ownEnd);
  if (ownEnd === undefined || end < 0) return whole;
  const tokens = 1 + ids.findIndex((_, i) => tokenizer.decode(ids.subarray(0, i + 1)).includes(ownEnd));
  return {
    ids: ids.slice(0, tokens),
    logprobs: logprobs.slice(0, tokens),
    finished: true,
    text: whole.text.slice(0, end),
  };
}
