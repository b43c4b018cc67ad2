import { isRace, rowName, type Case, type Cost, type Peer, type Race } from './case.ts';
import { Unavailable, type Contender, type OpenContender } from './contender.ts';
import type { Bench } from './bench.ts';
import { figure } from './figure.ts';
import { median, spread } from './statistics.ts';

/** One line of the table, and of the file that `--json` writes. */
export interface Row {
  name: string;
  work: string;
  unit: string;
  /** Median. */
  ours: number | null;
  /** Median; null where there is no peer, or none to be had. */
  peer: number | null;
  /** Ours over the peer's; of a cost, ours itself, which the target limits. */
  ratio: number | null;
  target: number;
  /** (largest − smallest) / median of the ratio, round by round. */
  spread: number | null;
  lowerIsBetter?: true;
  given: { ours: string; peer: string };
  /** Why a number is missing. */
  note?: string;
}

export function reached({ ratio, target, lowerIsBetter }: Row): boolean {
  if (ratio === null) return false;
  return lowerIsBetter ? ratio <= target : ratio >= target;
}

/** A contender that has been opened and warmed up, or the reason why there is none. */
type Entrant = { contender: Contender; samples: number[] } | { reason: string };

/**
 * Measures a case: all contenders are opened and warmed up, then take turns, round by round, so that a machine that
 * slows down or speeds up does so for everybody.
 * @param wanted whether a row is asked for, by its name
 */
export async function measureCase(
  bench: Bench,
  one: Case,
  wanted: (name: string) => boolean,
): Promise<Row[]> {
  const peers = isRace(one) ? one.peers.filter((peer) => wanted(rowName(one, peer))) : [];
  const entrants: Entrant[] = [];
  try {
    for (const open of [one.ours, ...peers.map((peer) => peer.open)]) entrants.push(await enter(bench, open));
    for (let round = 1; round <= bench.rounds; round++) {
      for (const [i, entrant] of entrants.entries()) entrants[i] = await takeTurn(bench, entrant);
      bench.log(`${one.name} ${round}/${bench.rounds}: ${entrants.map(lastSample).join(' · ')} ${one.unit}`);
    }
  } finally {
    for (const entrant of entrants) if ('contender' in entrant) await entrant.contender.close();
  }
  const [ours, ...others] = entrants as [Entrant, ...Entrant[]];
  if (!isRace(one)) return [costRow(one, ours)];
  return others.map((entrant, i) => raceRow(one, peers[i]!, ours, entrant));
}

async function enter(bench: Bench, open: OpenContender): Promise<Entrant> {
  try {
    const entrant = { contender: await open(bench), samples: [] };
    return entrant.contender.warm ? entrant : await takeTurn(bench, entrant, 'warm-up');
  } catch (error) {
    return failure(bench, error);
  }
}

/** A contender that fails is out: its row says why, and the others go on. */
async function takeTurn(bench: Bench, entrant: Entrant, kind?: 'warm-up'): Promise<Entrant> {
  if ('reason' in entrant) return entrant;
  const { contender, samples } = entrant;
  try {
    const sample = await contender.measure();
    return kind ? entrant : { contender, samples: [...samples, sample] };
  } catch (error) {
    await contender.close().catch(() => undefined);
    return failure(bench, error);
  }
}

function failure(bench: Bench, error: unknown): Entrant {
  const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  bench.log(error instanceof Error && !(error instanceof Unavailable) ? (error.stack ?? reason) : reason);
  return { reason };
}

const lastSample = (entrant: Entrant): string =>
  figure('contender' in entrant ? (entrant.samples.at(-1) ?? null) : null);

const medianOf = (entrant: Entrant): number | null =>
  'contender' in entrant ? median(entrant.samples) : null;
const givenOf = (entrant: Entrant): string => ('contender' in entrant ? entrant.contender.given : '');
const reasonOf = (entrant: Entrant): { note?: string } =>
  'reason' in entrant ? { note: entrant.reason } : {};

function raceRow(race: Race, peer: Peer, ours: Entrant, theirs: Entrant): Row {
  const both = 'contender' in ours && 'contender' in theirs;
  const ratios = both ? ours.samples.map((sample, round) => sample / theirs.samples[round]!) : [];
  return {
    name: rowName(race, peer),
    work: race.work,
    unit: race.unit,
    ours: medianOf(ours),
    peer: medianOf(theirs),
    ratio: both ? median(ours.samples) / median(theirs.samples) : null,
    target: peer.target,
    spread: both ? spread(ratios) : null,
    given: { ours: givenOf(ours), peer: givenOf(theirs) },
    ...reasonOf(theirs),
    ...reasonOf(ours),
  };
}

function costRow(cost: Cost, ours: Entrant): Row {
  const value = medianOf(ours);
  return {
    name: cost.name,
    work: cost.work,
    unit: cost.unit,
    ours: value,
    peer: null,
    ratio: value,
    target: cost.most,
    spread: 'contender' in ours ? spread(ours.samples) : null,
    lowerIsBetter: true,
    given: { ours: givenOf(ours), peer: '' },
    ...reasonOf(ours),
  };
}
