import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareRuns } from '../../src/tools/compare/compare-runs.ts';
import { judgeRule, parseRules } from '../../src/tools/compare/gate.ts';
import { comparisonPage } from '../../src/tools/compare/comparison-page.ts';
import { madeRequests, runOf } from '../../src/tools/compare/made-runs.ts';
import { renderPage } from '../../src/tools/report/html/page.ts';
import { evilAnswerPage } from './evil-answer-page.ts';
import type { RunData } from '../../src/tools/results/read/run-data.ts';
import {
  COLOURS,
  type Colours,
  EXTENT,
  type Extent,
  NARROW_PLOTS,
  PLOTS,
  type PlotSeen,
  STRUCTURE,
  type Structure,
} from './in-page.ts';
import { CHROMIUM_MISSING, findChromium } from '../dashboards/chromium.ts';

const EVIL = `<script>window.hit=1;console.error('hit')</script>"><img src="http://127.0.0.1:9/x" onerror="hit=1">`;
const browserPath = await findChromium();

test('a machine of CI has a browser', () => {
  if (browserPath === null) process.stderr.write(`\nNOT CHECKED: ${CHROMIUM_MISSING}\n`);
  expect(browserPath !== null || process.env['CI'] !== 'true', CHROMIUM_MISSING).toBe(true);
});

/** A browser that asks for nothing of its own accord. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
] as const;

const VIEWS: readonly [string, BrowserContextOptions][] = [
  ['in light', { colorScheme: 'light', viewport: { width: 1280, height: 900 } }],
  ['in dark', { colorScheme: 'dark', viewport: { width: 1280, height: 900 } }],
  ['on a tablet', { colorScheme: 'light', viewport: { width: 760, height: 900 } }],
  ['on a phone', { colorScheme: 'dark', viewport: { width: 360, height: 780 } }],
];

describe.skipIf(browserPath === null)('pages in a browser', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'k6-llm-page-'));
  const files: Record<string, string> = {};
  let browser: Browser;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: browserPath ?? '', args: [...QUIET] });
    const usual = { seed: 1, durationSec: 60, ratePerSec: 20, slowness: 1, memory: 0 };
    const stages = [
      {
        testType: EVIL,
        unit: 'ratePerSec' as const,
        points: [
          [0, 5],
          [30_000, 20],
          [60_000, 20],
        ] as [number, number][],
      },
    ];
    const records = [
      ...madeRequests(usual, { lagMs: 3 }),
      ...madeRequests({ ...usual, seed: 2 }, { model: EVIL, testType: EVIL }),
    ];
    const first = await runOf(records, { label: 'first', header: { stages, scenario: EVIL } });
    const second = await runOf(madeRequests({ ...usual, slowness: 1.4 }), { label: 'second' });
    const empty = await runOf([], { label: 'empty' });
    const [rule] = parseRules(['p95(ai_ttft_ms) +10%']);
    const comparison = compareRuns(first, second, { measures: [rule!.measure] });
    const judgements = [judgeRule(rule!, comparison.rows[0] ?? null)];
    const evil: RunData = { ...first.run, summary: { ...first.run.summary, target: EVIL, notes: [EVIL] } };
    save('one', renderPage([evil]));
    save('several', renderPage([evil, second.run, empty.run]));
    save('none', renderPage([]));
    save('answer', evilAnswerPage(EVIL));
    save(
      'comparison',
      comparisonPage([first, second], { pairs: [{ comparison, judgements }], matrix: null }),
    );
  });

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  function save(name: string, page: string): void {
    files[name] = path.join(folder, `${name}.html`);
    writeFileSync(files[name], page);
  }

  async function open(name: string, options: BrowserContextOptions): Promise<{ page: Page; said: string[] }> {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const said: string[] = [];
    page.on('console', (message) => void said.push(message.text()));
    page.on('pageerror', (error) => void said.push(error.message));
    const own = pathToFileURL(files[name] ?? '').href;
    page.on('request', (request) => {
      if (request.url() !== own) said.push(request.url());
    });
    await page.goto(own, { waitUntil: 'networkidle' });
    return { page, said };
  }

  describe.each(VIEWS)('%s', (_, options) => {
    test.each(['one', 'several', 'none', 'comparison', 'answer'])(
      'the page of "%s" is silent, asks for nothing, and fits',
      async (name) => {
        const { page, said } = await open(name, options);
        expect(said).toEqual([]);
        const { wide, view, hit } = await page.evaluate<Extent>(EXTENT);
        expect(wide).toBeLessThanOrEqual(view);
        expect(hit).toBe(false);
        await page.context().close();
      },
    );

    test('each plot is drawn once, with text large enough to read and none of it cut off', async () => {
      const { page } = await open('one', options);
      const plots = await page.evaluate<PlotSeen[]>(PLOTS);
      expect(plots.length).toBeGreaterThanOrEqual(9);
      for (const { title, shown, heights, cut } of plots) {
        expect([title, shown, cut]).toEqual([title, 1, []]);
        expect(Math.min(...heights), title).toBeGreaterThanOrEqual(9);
      }
      await page.context().close();
    });

    test('text stands out from what is behind it (WCAG 2, 4.5 to 1)', async () => {
      const { page } = await open('one', options);
      const colours = await page.evaluate<Colours>(COLOURS);
      for (const background of colours.backgrounds) {
        for (const text of colours.texts) {
          expect(contrast(text, background), `${text} on ${background}`).toBeGreaterThanOrEqual(4.5);
        }
      }
      await page.context().close();
    });
  });

  test('reads well aloud: one title, headings in order, tables with headers, plots with names', async () => {
    const { page } = await open('one', {});
    const found = await page.evaluate<Structure>(STRUCTURE);
    expect(found.levels.filter((level) => level === 1)).toHaveLength(1);
    for (const [index, level] of found.levels.entries()) {
      expect(level - (found.levels[index - 1] ?? 0), `heading ${index}`).toBeLessThanOrEqual(2);
    }
    expect(new Set(found.ids).size).toBe(found.ids.length);
    expect(found).toMatchObject({
      bareTables: 0,
      bareRows: 0,
      namelessPlots: 0,
      plotsWithoutTable: 0,
      // Ours, which the page's policy knows by its hash.
      scripts: 1,
      lang: 'en',
    });
    await page.context().close();
  });

  test('shows the values under the pointer, and opens the folded run that is asked for', async () => {
    const { page } = await open('several', { viewport: { width: 1280, height: 900 } });
    await page.locator('.index a').first().click();
    const fold = page.locator('details.fold').first();
    expect(await fold.getAttribute('open')).not.toBeNull();
    const drawing = fold.locator('.drawing').first();
    await drawing.scrollIntoViewIfNeeded();
    await drawing.hover({ position: { x: 250, y: 90 } });
    const words = await drawing.locator('.reading').innerText();
    expect(words).toMatch(/started \d+/);
    await page.context().close();
  });

  test('answers the four questions first', async () => {
    const { page } = await open('one', {});
    const questions = await page.locator('dl.answers dt').allTextContents();
    expect(questions).toEqual([
      'Did it hold?',
      'What broke first?',
      'What did it cost?',
      'May the numbers be trusted?',
    ]);
    await page.context().close();
  });

  test('prints on paper: plots side by side, nothing cut off at the side', async () => {
    const { page } = await open('one', { viewport: { width: 760, height: 1000 } });
    await page.emulateMedia({ media: 'print' });
    const pdf = await page.pdf({ format: 'A4', printBackground: true });
    expect(pdf.length).toBeGreaterThan(20_000);
    const shown = await page.evaluate<number>(NARROW_PLOTS);
    expect(shown).toBeGreaterThanOrEqual(9);
    await page.context().close();
  });
});

/** The contrast of two colours, WCAG 2.2, "contrast ratio". */
function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.040_45 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
