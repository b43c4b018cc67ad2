/** Which of two answers a comparison prefers: 1 the first, −1 the second, 0 neither. */
export type Winner = 1 | 0 | -1;

/** The same winner where the two answers have changed places. */
export function turned(winner: Winner): Winner {
  // Not −winner: the opposite of 0 would be −0, which is another value to `Object.is` and so to tests and JSON's readers.
  return (0 - winner) as Winner;
}
