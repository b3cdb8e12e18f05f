/**
 * What is asked of a page in the browser, as text: this code runs there, where Node's types do not hold.
 */

export type Extent = { wide: number; view: number; hit: boolean };

export const EXTENT = `({
  wide: document.documentElement.scrollWidth,
  view: window.innerWidth,
  hit: 'hit' in window,
})`;

/** One plot: how many drawings of it are shown, its texts' heights, and how many of them leave the drawing. */
export type PlotSeen = { title: string; shown: number; heights: number[]; cut: string[] };

export const PLOTS = `[...document.querySelectorAll('figure')].map((figure) => {
  const shown = [...figure.querySelectorAll('svg.plot')].filter((svg) => getComputedStyle(svg).display !== 'none');
  const box = shown[0]?.getBoundingClientRect();
  const texts = [...(shown[0]?.querySelectorAll('text') ?? [])].map((text) => ({
    words: text.textContent,
    at: text.getBoundingClientRect(),
  }));
  const isCut = ({ at }) =>
    at.left < box.left - 1 || at.right > box.right + 1 || at.top < box.top - 1 || at.bottom > box.bottom + 1;
  return {
    title: figure.querySelector('h4')?.textContent ?? '',
    shown: shown.length,
    heights: texts.map(({ at }) => at.height),
    cut: texts.filter(isCut).map(({ words }) => words),
  };
})`;

export type Colours = { backgrounds: string[]; texts: string[] };

export const COLOURS = `(() => {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(name).trim();
  return {
    backgrounds: ['--paper', '--card'].map(read),
    texts: ['--ink', '--muted', '--good', '--bad', '--doubtful', '--accent'].map(read),
  };
})()`;

export type Structure = {
  levels: number[];
  bareTables: number;
  bareRows: number;
  namelessPlots: number;
  plotsWithoutTable: number;
  ids: string[];
  scripts: number;
  lang: string;
};

export const STRUCTURE = `(() => {
  const count = (selector, isBad) => [...document.querySelectorAll(selector)].filter(isBad).length;
  const lacks = (selector) => (element) => element.querySelector(selector) === null;
  return {
    levels: [...document.querySelectorAll('h1,h2,h3,h4')].map((heading) => Number(heading.tagName.slice(1))),
    bareTables: count('table', (table) => lacks('caption')(table) || lacks('th[scope=col]')(table)),
    bareRows: count('tbody tr', lacks('th[scope=row]')),
    namelessPlots: count('svg.plot', (svg) => !svg.querySelector('title')?.textContent || lacks('desc')(svg)),
    plotsWithoutTable: count('figure', lacks('details tbody tr')),
    ids: [...document.querySelectorAll('[id]')].map(({ id }) => id),
    scripts: document.scripts.length,
    lang: document.documentElement.lang,
  };
})()`;

/** Of the drawings for narrow columns, which paper has too: how many are shown. */
export const NARROW_PLOTS = `[...document.querySelectorAll('svg.plot.narrow')].filter((svg) => svg.clientWidth > 0).length`;
