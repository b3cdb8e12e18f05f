/** One sample of a Prometheus text page. */
export type PageSample = { name: string; labels: ReadonlyMap<string, string>; value: number };

/**
 * The samples of a page whose names are wanted, in order (Prometheus' text format). What is no sample line, not finite
 * or below zero is passed over.
 */
export function readPrometheusText(page: string, isWanted: (name: string) => boolean): PageSample[] {
  const samples: PageSample[] = [];
  for (const line of page.split('\n')) {
    if (line.startsWith('#')) continue;
    const sample = readSample(line, isWanted);
    if (sample !== null && sample.value >= 0 && sample.value < Infinity) samples.push(sample);
  }
  return samples;
}

/** A name, or a first label without a value, which is a name in quotes (Prometheus 3). */
const NAME = /^\s*([a-zA-Z_:][\w:]*)?\s*/;
/** A label with its value, in which a quote and a backslash are escaped; any other character may stand there. */
const LABEL = /^\s*(?:"((?:[^"\\]|\\.)*)"|([a-zA-Z_]\w*))\s*(?:=\s*"((?:[^"\\]|\\.)*)")?\s*,?\s*/;
const VALUE = /^\s*(\S+)/;

/** One sample line of the text format; null for any other line. */
function readSample(line: string, isWanted: (name: string) => boolean): PageSample | null {
  const [head = '', first = ''] = NAME.exec(line) ?? [];
  if (first !== '' && !isWanted(first)) return null;
  let name = first;
  let rest = line.slice(head.length);
  const labels = new Map<string, string>();
  if (rest.startsWith('{')) {
    rest = rest.slice(1).trimStart();
    while (!rest.startsWith('}')) {
      const [text = '', quoted, plain, value] = LABEL.exec(rest) ?? [];
      if (text === '') return null;
      const label = quoted ?? plain ?? '';
      if (value === undefined) name = label;
      else labels.set(label, value);
      rest = rest.slice(text.length);
    }
    rest = rest.slice(1);
  } else if (rest.length === line.length) return null;
  const [, value] = VALUE.exec(rest) ?? [];
  return name === '' || value === undefined || !isWanted(name)
    ? null
    : { name, labels, value: Number(value) };
}
