/** Which of two answers a comparison prefers, as shown: 1 the first, −1 the second, 0 neither. */
export type Winner = 1 | 0 | -1;
