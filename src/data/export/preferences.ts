/**
 * One preference pair as texts: the shape of TRL's preference data sets, "standard" with an explicit prompt
 * (https://huggingface.co/docs/trl/dataset_formats). TRL ends both completions with the model's end token itself.
 */
export interface PreferenceText {
  prompt: string;
  chosen: string;
  rejected: string;
}

/** Preference pairs as JSON Lines that TRL's DPOTrainer reads as they are. */
export function preferencesToJsonLines(pairs: readonly PreferenceText[]): string {
  const row = ({ prompt, chosen, rejected }: PreferenceText) => JSON.stringify({ prompt, chosen, rejected });
  return pairs.map((pair) => `${row(pair)}\n`).join('');
}
