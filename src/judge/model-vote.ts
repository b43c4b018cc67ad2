/** Who met whom, and which answer was preferred: all that a rating needs. */
export interface Battle {
  a: string;
  b: string;
  winner: 'a' | 'b' | 'tie';
  /** 1 where left out; any number of 0 or more. */
  weight?: number;
}

/** One vote, of a person or a judge, on two models' answers to one turn of a question. */
export interface ModelVote extends Battle {
  judge: string;
  question: string;
  /** Counted from 1. */
  turn: number;
  /** A tie only because the verdict changed when the answers changed places. */
  inconsistent: boolean;
}
