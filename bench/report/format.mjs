// Numbers and tables of the page.

/** A number for people: `1,234`, `12.3`, `0.05`; `n/a` when it is not known. */
export function number(value, digits = 1) {
  if (value === null || value === undefined || !Number.isFinite(value)) return 'n/a';
  const [whole, fraction] = value.toFixed(digits).split('.');
  const grouped = whole.replaceAll(/\B(?=(\d{3})+(?!\d))/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** Median of the rounds, with the lowest and highest in brackets where there was more than one. */
export function cell(figure, digits = 1, scale = 1) {
  if (figure === null || figure === undefined) return 'n/a';
  const at = (value) => number(value * scale, digits);
  if (figure.rounds === 1) return at(figure.median);
  return `${at(figure.median)} (${at(figure.min)} to ${at(figure.max)})`;
}

export function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export function ratio(value, to) {
  return Number.isFinite(value) && Number.isFinite(to) && to !== 0 ? value / to : null;
}

export function byTool(rows, tool) {
  return rows?.find((row) => row.tool === tool) ?? null;
}
