/** Turns up to here stand by themselves, later ones together: the tag `turn` has few values, however long sessions get. */
const SINGLE_TURNS = 10;
const RANGES = [20, 50, 100] as const;

/** The tag `turn` of the n-th request of a conversation, from 1: `7`, `11-20`, `101+`. */
export function turnLabel(turn: number): string {
  if (turn <= SINGLE_TURNS) return String(turn);
  let from = SINGLE_TURNS + 1;
  for (const to of RANGES) {
    if (turn <= to) return `${from}-${to}`;
    from = to + 1;
  }
  return `${from}+`;
}

/** The labels of conversations of so many turns, in their order. */
export function turnLabels(mostTurns: number): string[] {
  const beyond = RANGES[RANGES.length - 1] ?? SINGLE_TURNS;
  const turns = Array.from({ length: Math.min(mostTurns, beyond + 1) }, (_, index) => index + 1);
  return [...new Set(turns.map(turnLabel))];
}

/** Sorts labels as turns come. */
export function byTurn(a: string, b: string): number {
  return Number.parseInt(a, 10) - Number.parseInt(b, 10);
}
