/** What Grafana would put in: the time range, the interval, and the chosen values of the variables. */
export type Range = { fromMs: number; toMs: number; intervalMs: number };

/** The board's variables as chosen; a list is several values, `All` is what "All" stands for. */
export type Choice = Readonly<Partial<Record<string, readonly string[]>>>;

/** Grafana's substitution for InfluxQL: `$timeFilter`, the interval, and variables as regular expressions. */
export function substitute(query: string, { fromMs, toMs, intervalMs }: Range, choice: Choice = {}): string {
  return query
    .replaceAll('$timeFilter', `time >= ${fromMs}ms and time <= ${toMs}ms`)
    .replaceAll('$__interval_ms', `${intervalMs}`)
    .replaceAll('$__interval', `${intervalMs}ms`)
    .replaceAll(/\/\^\$(\w+)\$\//g, (_, variable: string) => {
      const values = choice[variable];
      return values === undefined ? '/^.*$/' : `/^(${values.map(escapeRegex).join('|')})$/`;
    });
}

/** As Grafana escapes a value inside a regular expression of InfluxQL, the slash included. */
function escapeRegex(value: string): string {
  return value.replaceAll(/[\\^$*+?.()|[\]{}/]/g, String.raw`\$&`);
}
