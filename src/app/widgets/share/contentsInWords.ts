import { formatCount } from '../../../harness/format.ts';
import { nameInShort } from '../../../harness/shown-text.ts';
import type { Filled } from '../../../share/filling.ts';
import type { Offer } from '../../state/share/offer.ts';

/** Exactly what a link holds, a line each. */
export function contentsInWords({ experiment, holds }: Filled, { ownJudgments, ownItems }: Offer): string[] {
  const { settings, model, title, note, says, fingerprints = {}, data } = experiment;
  const changed = Object.keys(settings).length;
  const { blocks, judgments } = holds;
  return [
    changed === 0 ? 'all settings (the defaults)' : `all settings (${formatCount(changed)} of them changed)`,
    model
      ? `the judge’s name and hash: ${nameInShort(model.name)} ${model.hash}`
      : 'no judge: none was asked',
    says ? 'the result: its numbers and its sentence' : 'the result: its numbers',
    blocks.of > 0 && `${formatCount(blocks.count)} of ${formatCount(blocks.of)} pictures and tables`,
    Object.keys(fingerprints).length > 0 && 'fingerprints, by which a re-run is compared stage by stage',
    (title !== undefined || note !== undefined) && 'your title and note',
    judgments.of > 0 &&
      `${formatCount(judgments.count)} of ${formatCount(judgments.of)} judgments${ownJudgments ? ', with your text' : ' on built-in items'}`,
    ownItems.length > 0 && ownItemsInWords(data, ownItems.length),
  ].filter((line) => line !== false);
}

function ownItemsInWords(data: Filled['experiment']['data'], of: number): string {
  if (data?.items) return `${formatCount(data.items.length)} of your ${formatCount(of)} items, full text`;
  if (data?.bundle)
    return `the address of a file with your ${formatCount(of)} items, and its hash; no text of yours`;
  return 'none of your own items, and no text of yours';
}
