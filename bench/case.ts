import type { OpenContender } from './contender.ts';

export interface Peer {
  /** Short: it ends the row's name. */
  name: string;
  /** Ours over the peer's, at least. */
  target: number;
  open: OpenContender;
}

/** The same work, done by our engine and by peers in turn: one row of the table for each peer. */
export interface Race {
  name: string;
  /** What is measured, in words. */
  work: string;
  unit: string;
  ours: OpenContender;
  peers: Peer[];
}

/** A cost of ours that has a limit instead of a peer: one row. */
export interface Cost {
  name: string;
  work: string;
  unit: string;
  most: number;
  ours: OpenContender;
}

export type Case = Race | Cost;

export const isRace = (one: Case): one is Race => 'peers' in one;

/** Names of the rows that a case fills. */
export const rowNames = (one: Case): string[] =>
  isRace(one) ? one.peers.map((peer) => rowName(one, peer)) : [one.name];

export const rowName = (race: Race, peer: Peer): string => `${race.name}/${peer.name}`;
