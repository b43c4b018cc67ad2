import type { ChatPiece, ChatTemplate } from './chat-template.ts';
import type { ControlToken } from './tokenizer-json.ts';

/**
 * Ids of a rendered conversation. transformers renders it to one text and recognises control tokens everywhere in it,
 * so that a graded answer containing `<|im_end|>` ends its own turn. Here they are recognised in the template's pieces
 * alone. The text between two of them is encoded in one go, template and message together, so that ids across that
 * border ("\n" and a message that begins with "\n") are those of the reference.
 */
export function encodePieces(
  pieces: readonly ChatPiece[],
  control: readonly ControlToken[],
  encode: (text: string, atStart: boolean) => number[],
): number[] {
  const parts = cutAtControl(pieces, control);
  stripAround(parts);
  return parts.flatMap((part, index) => (typeof part === 'string' ? encode(part, index === 0) : [part.id]));
}

/**
 * The control token that a template puts after an answer, or null. It is read off a conversation of placeholders.
 */
export function answerEnd(
  template: ChatTemplate,
  tokens: { bosToken: string; eosToken: string },
  control: readonly ControlToken[],
): number | null {
  const messages = [
    { role: 'user', content: 'question' },
    { role: 'assistant', content: 'answer' },
  ] as const;
  let pieces: readonly ChatPiece[];
  try {
    pieces = template(messages, { ...tokens, addGenerationPrompt: false });
  } catch {
    // A template may refuse this conversation and still be good for others; the end token remains.
    return null;
  }
  const last = pieces.findLastIndex(({ from }) => from === 'message');
  const after = cutAtControl(pieces.slice(last + 1), control);
  return after.find((part) => typeof part !== 'string')?.id ?? null;
}

type Part = string | ControlToken;

/** Texts and control tokens by turns; a text may be empty. */
function cutAtControl(pieces: readonly ChatPiece[], control: readonly ControlToken[]): Part[] {
  const byContent = new Map(control.map((token) => [token.content, token]));
  const pattern = anyOf(control.map(({ content }) => content));
  const parts: Part[] = [''];
  for (const { text, from } of pieces) {
    const cut = from === 'template' && pattern ? text.split(pattern) : [text];
    cut.forEach((piece, index) => {
      // `split` with a capturing group gives text and separator by turns.
      if (index % 2 === 1) parts.push(byContent.get(piece)!, '');
      else parts[parts.length - 1] = (parts.at(-1) as string) + piece.toWellFormed();
    });
  }
  return parts;
}

/** Of several that fit at a place the longest, as the original's automaton does. */
function anyOf(contents: readonly string[]): RegExp | null {
  if (contents.length === 0) return null;
  const longestFirst = contents.toSorted((a, b) => b.length - a.length);
  return new RegExp(
    `(${longestFirst.map((content) => content.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('|')})`,
  );
}

/** Tokens that take the white space beside them along. */
function stripAround(parts: Part[]): void {
  parts.forEach((part, index) => {
    if (typeof part === 'string') return;
    if (part.lstrip) parts[index - 1] = (parts[index - 1] as string).trimEnd();
    if (part.rstrip) parts[index + 1] = (parts[index + 1] as string).trimStart();
  });
}
