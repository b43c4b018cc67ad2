import { fewShotPair } from '../judge/protocols/few-shot-pair.ts';
import { fewShotPoint } from '../judge/protocols/few-shot.ts';
import { nanoPair } from '../judge/protocols/nano-pair.ts';
import { nanoPoint } from '../judge/protocols/nano.ts';
import { prometheusAbsolute } from '../judge/protocols/prometheus.ts';
import { prometheusRelative } from '../judge/protocols/prometheus-relative.ts';
import type { PointProtocol } from '../judge/protocol.ts';
import { byExpectedScores, byGrades } from './compare-by-points.ts';
import { byScoreLines } from './compare-by-score-lines.ts';
import { byText } from './compare-by-text.ts';
import type { ComparisonWay } from './comparing.ts';

/** Its scores come first; what it writes after them is for reading only. */
const nanoPairs = byText(nanoPair, 96, {
  id: nanoPair.id,
  title: 'both answers in one prompt, scores before the reason',
});

const relative = byText(prometheusRelative, 256, {
  id: prometheusRelative.id,
  title: 'both answers in one prompt, feedback before the choice',
});

const scoreLines = byScoreLines(fewShotPair, {
  id: fewShotPair.id,
  title: 'both answers in one prompt, by the probabilities of the score lines',
});

/** By the id of the protocol in which a judge grades one answer: what it was taught, or what its kind understands. */
const WAYS: Readonly<Record<string, readonly ComparisonWay[]>> = {
  [nanoPoint.id]: [byGrades, byExpectedScores, nanoPairs],
  [prometheusAbsolute.id]: [relative, byGrades, byExpectedScores],
  [fewShotPoint.id]: [scoreLines],
};

/** How this judge can compare two answers, the one to begin with first. Whoever can grade can compare by two grades. */
export function comparisonWays({ protocol }: { protocol: PointProtocol }): readonly ComparisonWay[] {
  return WAYS[protocol.id] ?? [byGrades, byExpectedScores];
}
