/** What a search counts: requests, or conversations of several, a second; or users at a time. */
export type LoadUnit = 'requests/s' | 'conversations/s' | 'users';

export function loadUnit(by: 'rate' | 'vus', turns: number): LoadUnit {
  if (by === 'vus') return 'users';
  return turns > 1 ? 'conversations/s' : 'requests/s';
}

/** `39.7 requests/s`, `1 user`. */
export function loadText(load: number, unit: LoadUnit): string {
  const words = load === 1 ? unit.replace(/s(?=$|\/)/, '') : unit;
  return `${Number(load.toPrecision(4))} ${words}`;
}

/** `39.7/s`, `16`. */
export function shortLoad(load: number, unit: LoadUnit): string {
  return `${Number(load.toPrecision(4))}${unit === 'users' ? '' : '/s'}`;
}
