/** Which of two answers a comparison prefers, as shown: 1 the first, −1 the second, 0 neither. */
export type Winner = 1 | 0 | -1;

/** The same preference when the two answers change places. */
export const swapped = (winner: Winner): Winner => (winner === 0 ? 0 : winner === 1 ? -1 : 1);
