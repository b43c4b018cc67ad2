/** What people call the measures that the lab makes itself; a file's keep the name that the file gives them. */
const TITLES: Readonly<Record<string, string>> = {
  likelihood: 'likelihood',
  lengthNormalised: 'length-normalised likelihood',
  eval: 'self-evaluation, p(score ≥ 4)',
  eval5: 'self-evaluation, p(score 5)',
};

export const titleOf = (measure: string): string => TITLES[measure] ?? measure;

/**
 * The measures that a judge's score probabilities give, by name; `judge` is null for the one that wrote the answers
 * itself. p(score ≥ 4) stands for the paper's p(Yes): this judge has no yes and no, and its upper two levels hold nearly
 * all mass on right answers. A verdict that could not be read speaks for nothing: −∞.
 */
export function evaluationBy(judge: string | null) {
  const name = (measure: string) => (judge === null ? measure : `${measure} (${judge})`);
  return (probabilities: readonly number[] | undefined): Record<string, number> => {
    const [, , , four, five] = probabilities ?? [0, 0, 0, -Infinity, -Infinity];
    return { [name('eval')]: four! + five!, [name('eval5')]: five! };
  };
}
