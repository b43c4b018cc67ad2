import type { Battle } from '../judge/model-vote.ts';
import type { Steps } from '../judge/steps.ts';
import { battleTable, winRates, type BattleTable } from './battle-table.ts';
import { bradleyTerry } from './bradley-terry.ts';
import { eloRatings } from './elo.ts';
import { resample, type BootstrapOptions, type Interval } from './resample.ts';

/** Where a contestant stands by three ways of rating the same battles. */
export interface Rating {
  contestant: string;
  /** null where no finite ratings exist (see `bradleyTerry`). */
  bradleyTerry: Interval | null;
  /** In the order of the battles; its draws are rated in the order in which they were drawn. */
  elo: Interval | null;
  /** Ties half. */
  winRate: Interval | null;
}

const WAYS = ['bradleyTerry', 'elo', 'winRate'] as const;

/**
 * Ratings of everybody who meets in these battles, with bootstrap intervals over battles, as Chatbot Arena has them
 * (arXiv 2306.05685). Draws in which Bradley–Terry has no finite ratings are left out of its intervals.
 */
export function* ratingsWithIntervals(
  battles: readonly Battle[],
  options: BootstrapOptions = {},
): Steps<Rating[]> {
  const { contestants } = battleTable(battles);
  const drawn = new DrawnBattles(battles, contestants);
  const statistics = contestants.flatMap((_, place) => WAYS.map((way) => () => drawn.rating(way, place)));
  const groups = battles.map((_, i) => [i]);
  const intervals = yield* resample(groups, drawn, statistics, options);
  return contestants.map((contestant, place) => {
    const [bradleyTerry, elo, winRate] = intervals.slice(place * WAYS.length, (place + 1) * WAYS.length);
    return { contestant, bradleyTerry: bradleyTerry!, elo: elo!, winRate: winRate! };
  });
}

/** All of a draw's ratings are fitted together, when the first of them is asked for. */
class DrawnBattles {
  #drawn: Battle[] = [];
  #table: BattleTable | null = null;
  #ratings: Partial<Record<(typeof WAYS)[number], readonly (number | null)[]>> = {};

  constructor(
    private readonly battles: readonly Battle[],
    private readonly contestants: readonly string[],
  ) {}

  clear(): void {
    this.#drawn = [];
    this.#table = null;
    this.#ratings = {};
  }

  add(group: ArrayLike<number>): void {
    for (let i = 0; i < group.length; i++) this.#drawn.push(this.battles[group[i]!]!);
  }

  rating(way: (typeof WAYS)[number], place: number): number | null {
    this.#ratings[way] ??= this.#rate(way);
    return this.#ratings[way][place] ?? null;
  }

  #rate(way: (typeof WAYS)[number]): readonly (number | null)[] {
    this.#table ??= battleTable(this.#drawn, this.contestants);
    switch (way) {
      case 'bradleyTerry':
        return bradleyTerry(this.#table) ?? [];
      case 'winRate':
        return winRates(this.#table);
      case 'elo': {
        const ratings = eloRatings(this.#drawn);
        return this.contestants.map((name) => ratings.get(name) ?? null);
      }
    }
  }
}
