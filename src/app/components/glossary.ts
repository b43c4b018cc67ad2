/** A term of the field, in a sentence or two that stand alone. */
export interface GlossaryEntry {
  /** As texts of the page write it, letter by letter; the first heads its entry in the list of all terms. */
  names: readonly string[];
  says: string;
}

const term = (names: string, says: string): GlossaryEntry => ({ names: names.split(' | '), says });

/** What is looked up where it stands. Words that the page uses in their everyday sense are not among them. */
// prettier-ignore
export const GLOSSARY: readonly GlossaryEntry[] = [
  // Judging
  term('language model | language models', 'A program that was trained on texts to tell, for any beginning, how likely each next token is. Drawing one token after another, it writes.'),
  term('LLM judge | LLM judges', 'A language model that grades answers, alone or in pairs, where people would be too slow or too dear.'),
  term('rationale | rationales | Rationales', 'The reasons that a judge writes down before its verdict. Whoever reads them can see where a wrong score came from.'),
  term('rubric | criterion | Criterion', 'What an answer is judged by: the property that counts, and what earns which score.'),
  term('true score | true scores | label | labels', 'The score that an item really deserves, by a rule or by a person. Judges are measured against it.'),
  term('token | tokens', 'The piece in which a language model reads and writes: a word, part of a word, or a sign.'),
  term('log-probability | log-probabilities | Log-probabilities | logprob | logprobs | log-likelihood', 'The logarithm of a probability; of a text, the sum over its tokens. 0 means certain, and the further below 0, the less likely.'),
  term('probability of each score', 'What the judge gives each score, 1 to 5, at the place where it writes one. A flat picture means that it is unsure.'),
  term('greedy | greedily | likeliest word each time', 'Writing the likeliest token every time. Nothing is left to chance, so the text comes out the same again.'),
  term('temperature | Temperature | temperatures', 'How much chance plays in when tokens are drawn. At 1 the model writes as likely as it believes; towards 0 it keeps to the likeliest token; above 1 it is bolder.'),
  term('Top-p | top-p', 'Draws only from the smallest set of likeliest tokens whose probabilities add up to p. 1 leaves every token possible.'),
  term('Top-k | top-k', 'Draws only from the k likeliest tokens. 0 leaves every token possible.'),
  term('position bias | Position bias', 'Preferring an answer for where it stands, first or second, rather than for what it says. Asking in both orders shows it.'),
  term('both orders | in each order | inconsistent', 'Two answers are compared twice, each of them first once. A judge that names different winners contradicts itself.'),
  term('KV cache', 'The keys and values of attention, kept for all tokens read so far, so that the next token need not read the whole text again.'),
  term('context length | Context', 'The most tokens that a model can read and write at once, prompt and judgment together.'),
  // Learning
  term('self-rationalization | Self-Rationalization', 'A judge learns from its own rationales: those that ended in the true score are preferred to those that missed it.'),
  term('preference pair | preference pairs | Pairs', 'Two judgments of the same item, of which one is to be preferred to the other. It says which is better, not by how much.'),
  term('chosen | Chosen', 'The judgment of a pair that the judge shall rather write.'),
  term('rejected | Rejected', 'The judgment of a pair that the judge shall rather not write.'),
  term('Margin (m)', 'By how many points a judgment must miss the true score to be rejected. Wider margins leave fewer and clearer pairs.'),
  term('DPO | direct preference optimisation', 'Direct preference optimisation: training that makes the chosen text of each pair likelier and the rejected one less likely, compared with a frozen reference and without a reward model.'),
  term('β', 'How closely DPO holds the judge to its reference: the larger β is, the less the judge may move away from it.'),
  term('Reference | reference policy', 'The frozen judge that training is compared with: only what has changed since then counts in the loss.'),
  term('seed judge | Seed judge', 'The judge as it was before the first round.'),
  term('remap | Remap | seed judge, remapped | recalibration', 'The seed judge with its scores corrected by a table learnt on training items: “when it says 4, read 3”. Only what is gained beyond it is better judging.'),
  term('held-out | Held-out items | held-out items | Held out', 'Kept away from training and from every choice of settings, so that the result says how well the judge does on what it has never seen.'),
  term('validation items | Validation', 'Items that are not learnt from but may be looked at, to choose settings. Results are measured on held-out items, not on these.'),
  term('SFT weight | SFT', 'Supervised fine-tuning: raising the likelihood of the chosen texts themselves. As a part of the loss it keeps them from becoming less likely while DPO widens the gap.'),
  term('loss', 'The number that training makes smaller. Of DPO it is ln 2 ≈ 0.69 before the first step, when nothing has moved yet.'),
  term('rewards/chosen, rewards/rejected | rewards/chosen | rewards/rejected', 'β times how much likelier, in log-probability, the chosen or rejected judgments have become than under the reference.'),
  term('rewards/margins', 'The reward of chosen judgments less that of rejected ones. It grows as the judge learns to tell them apart.'),
  term('rewards/accuracies', 'The share of pairs in which the chosen judgment has the higher reward.'),
  term('logps/chosen, logps/rejected', 'The mean log-probability of the chosen and of the rejected judgments, each as a whole text.'),
  term('grad_norm | Gradient norm limit', 'The length of the gradient: how hard a step pulls at all weights together. Longer ones are cut to a limit, so that no single step breaks the judge.'),
  term('Learning rate', 'How far one step moves the weights along the gradient. Too small learns nothing, too large unlearns everything.'),
  term('Warm-up steps', 'The first steps, over which the learning rate grows from near 0 to its full size.'),
  term('Epochs', 'How many times training goes through all pairs.'),
  term('LoRA | PEFT', 'Low-rank adaptation: the model’s own weights stay as they are, and two thin matrices beside each of them are trained instead. They take far less memory.'),
  term('LoRA rank', 'How thin LoRA’s matrices are. A higher rank can learn more and takes more memory; 0 trains all weights of the model instead.'),
  term('LoRA alpha', 'What LoRA learnt is multiplied by alpha / rank before it is added to the model.'),
  term('adapter | adapters | Adapters', 'Weights that were trained beside a model, as with LoRA, and are kept in a small file of their own. They work on that model only.'),
  term('Seed | seed', 'The number that all chance of a run is drawn from. The same seed and settings give the same run again.'),
  // Measuring
  term('Accuracy | accuracy', 'The share of items on which the score is exactly the true one.'),
  term('Mean absolute error | mean absolute error', 'By how many points the score misses the true one on average, too high or too low alike.'),
  term('Pearson r | Pearson’s r', 'Linear correlation, from −1 to 1: whether scores rise in step with the true ones. A judge that is always one point too high can still have 1.'),
  term('Spearman ρ | rank correlation ρ | rank correlation', 'Correlation of ranks, from −1 to 1: whether two lists put things in the same order, whatever the distances.'),
  term('Quadratic-weighted κ', 'Agreement beyond chance in which a miss weighs as the square of its distance. 1 is perfect, 0 is what chance would give.'),
  term('Cohen’s κ | κ', 'Agreement beyond chance: 1 is perfect, 0 is what two judges would reach who guess, each with their own habits.'),
  term('Scott’s π | π', 'Agreement beyond chance, where chance is what both would reach if they shared one habit of passing and failing.'),
  term('Parse failures | not readable | unreadable', 'Judgments in which no score could be found: the judge broke its form, or ran out of tokens.'),
  term('95 % interval | 95 % intervals | 95 of 100 cases | paired 95 % bootstrap intervals | bootstrap interval | Bootstrap draws | confidence interval', 'A range that covers the true value in about 95 of 100 such experiments. Here by bootstrap: measured again on many samples drawn from the items themselves, with replacement.'),
  term('precision | Precision wanted', 'Of what was taken for positive, the share that is.'),
  term('recall', 'Of what is positive, the share that was found.'),
  term('spread', 'How far several judgments of the same item lie apart: the judge’s own doubt, seen from outside.'),
  term('Calibration-AUC', 'How often a right answer has the higher confidence than a wrong one. 0.5 is a toss.'),
  term('Selective-AUC', 'The mean share of right answers while the least sure ones are held back, over all amounts of holding back.'),
  term('nDCG | nDCG@k', 'How good an order is, from 0 to 1: relevant passages count, and count more the higher they stand. 1 is the ideal order.'),
  term('BM25', 'Ranks passages by the words that they share with the query; rare words count more, repeated ones less and less.'),
  term('Bradley–Terry', 'Ratings under which each battle’s odds depend on the difference of the two contestants. All battles count alike, whenever they were fought.'),
  term('Elo', 'Ratings that move after each battle, further after a surprise. Late battles count more than early ones.'),
  term('prediction-powered inference | Prediction-powered inference | PPI', 'Estimates a mean from many verdicts of a judge, corrected by its mean error on the few answers that have labels. It stays right on average even where the judge is biased.'),
  term('tuned PPI | weight λ', 'Prediction-powered inference with the judge’s share λ chosen for the narrowest interval; λ = 0 takes the labels alone.'),
  term('factor τ', 'How many labels one label is worth once the judge’s verdicts are added.'),
  term('ρ²', 'The squared correlation of verdicts and labels. It bounds what any number of verdicts can be worth: 1 / (1 − ρ²).'),
  term('reward model | reward models', 'A model that gives a text one number for how good it is, without a word of explanation.'),
  // The machine
  term('WebGPU', 'The browser’s way to the graphics card. Where it is missing or slower, the judge runs on the processor.'),
  term('WASM | WebAssembly', 'Compiled code that browsers run on the processor, nearly as fast as a program of its own.'),
];

const ENTRIES = new Map(GLOSSARY.flatMap((entry) => entry.names.map((name) => [name, entry] as const)));

/** The entry of a name, exactly as written; undefined for any other word. */
export const entryOf = (name: string): GlossaryEntry | undefined => ENTRIES.get(name);

const escaped = (name: string) => name.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');
const longestFirst = [...ENTRIES.keys()].sort((a, b) => b.length - a.length);
const NAMES = new RegExp(longestFirst.map(escaped).join('|'), 'g');
// Looked at beside the few names that were found: within the pattern, the tables of all letters took it ten times as long.
const IN_WORD_BEFORE = /[\p{L}\p{N}_/-]/u;
const IN_WORD_AFTER = /[\p{L}\p{N}_/]/u;

/** Whether the name at this place is a part of a longer word. */
const isPart = (text: string, from: number, to: number) =>
  IN_WORD_BEFORE.test(text[from - 1] ?? ' ') || IN_WORD_AFTER.test(text[to] ?? ' ');

export type TextPart = string | { name: string; entry: GlossaryEntry };

/** A text cut where terms stand, each at its first place only. Joined again, the parts are the text. */
export function partsOf(text: string): TextPart[] {
  const parts: TextPart[] = [];
  const seen = new Set<GlossaryEntry>();
  let end = 0;
  for (const { 0: name, index } of text.matchAll(NAMES)) {
    const entry = ENTRIES.get(name)!;
    if (seen.has(entry) || isPart(text, index, index + name.length)) continue;
    seen.add(entry);
    if (index > end) parts.push(text.slice(end, index));
    parts.push({ name, entry });
    end = index + name.length;
  }
  if (end < text.length) parts.push(text.slice(end));
  return parts;
}

/** The first term of a text. */
export function termIn(text: string): { name: string; entry: GlossaryEntry } | undefined {
  return partsOf(text).find((part) => typeof part !== 'string');
}
