import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { K6_METRICS, METRIC_NAMES, METRIC_SPECS } from '../../src/lib/metrics/metric-list.ts';
import { generatedFiles } from '../../src/tools/dashboards/generated-files.ts';
import { type Board, readBoard } from './read-board.ts';

const directory = path.join(import.meta.dirname, '../../dashboards');
const files = generatedFiles();

function fileText(name: string): string {
  const found = files.find((file) => file.name === name);
  if (found === undefined) throw new Error(`${name} is not generated`);
  return found.text;
}

// ai_icl_ms: only with LLM_ICL=all, and ai_stall_ms tells what is felt. error_rate: worked out from Counters,
// because k6's Rates cannot be merged in Prometheus.
const BOARDS = [
  {
    name: 'influxdb.json',
    variable: 'DS_INFLUXDB',
    type: 'influxdb',
    metricOf: influxMetrics,
    leftOut: ['ai_icl_ms'],
  },
  {
    name: 'prometheus.json',
    variable: 'DS_PROMETHEUS',
    type: 'prometheus',
    metricOf: prometheusMetrics,
    leftOut: ['ai_icl_ms', 'error_rate'],
  },
];

function influxMetrics(query: string): string[] {
  return [...query.matchAll(/FROM "([^"]+)"/g)].map(([, name = '']) => name);
}

/** `k6_ai_latency_ms_p95` → `ai_latency_ms`; a suffix that does not fit the metric's type stays. */
function prometheusMetrics(query: string): string[] {
  return [...query.matchAll(/\bk6_(\w+)\{/g)].map(([, name = '']) => {
    const suffixes: Record<string, RegExp> = { trend: /_p(50|95|99)$/, counter: /_total$/, rate: /_rate$/ };
    const specs = {
      ...K6_METRICS,
      ...Object.fromEntries(METRIC_NAMES.map((m) => [m, METRIC_SPECS[m].type])),
    };
    const found = Object.entries(specs).find(([metric, type]) => {
      const suffix = suffixes[type];
      return suffix === undefined
        ? metric === name
        : suffix.test(name) && name.replace(suffix, '') === metric;
    });
    return found?.[0] ?? name;
  });
}

test.each(files)('dashboards/$name is what `npm run dashboards` writes', async ({ name, text }) => {
  expect(await readFile(path.join(directory, name), 'utf8')).toBe(text);
});

describe.each(BOARDS)('$name', ({ name, variable, type, metricOf, leftOut }) => {
  const board: Board = readBoard(fileText(name));
  const known = [...METRIC_NAMES, ...Object.keys(K6_METRICS)];

  test('has a unique id for every panel', () => {
    const ids = board.panels.map((panel) => panel.id);
    expect(ids.length).toBeGreaterThan(30);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('places panels inside the grid and over no other', () => {
    const taken = new Set<string>();
    for (const { title, gridPos } of board.panels) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken.has(`${x},${y}`), `${title} at ${x},${y}`).toBe(false);
          taken.add(`${x},${y}`);
        }
      }
    }
  });

  test('names its data source by variable alone, in every panel, query and variable', () => {
    const source = { type, uid: `\${${variable}}` };
    for (const panel of board.dataPanels) {
      expect(panel.datasource, panel.title).toEqual(source);
      for (const target of panel.targets) expect(target.datasource, panel.title).toEqual(source);
    }
    const [first, ...others] = board.variables;
    expect(first).toMatchObject({ name: variable, type: 'datasource', query: type });
    expect(others.map((each) => each.name)).toEqual(['testid', 'model', 'provider', 'test_type', 'kind']);
    for (const each of others) expect(each.datasource).toEqual(source);
    expect(fileText(name)).not.toContain('__inputs');
  });

  test('gives every panel a unit, a title and a description, and every query its letter', () => {
    for (const panel of board.dataPanels) {
      expect(panel.unit, panel.title).not.toBe('');
      expect(panel.description, panel.title).not.toBe('');
      const letters = panel.targets.map((target) => target.refId);
      expect(letters, panel.title).toEqual(['A', 'B', 'C', 'D', 'E'].slice(0, panel.targets.length));
      expect(letters.length, panel.title).toBeGreaterThan(0);
    }
  });

  test('asks only for metrics that exist', () => {
    for (const panel of board.dataPanels) {
      for (const { query } of panel.targets) {
        const metrics = metricOf(query);
        expect(metrics.length, query).toBeGreaterThan(0);
        for (const metric of metrics) expect(known, query).toContain(metric);
      }
    }
  });

  test('shows every metric of ours, save those it leaves out on purpose', () => {
    const shown = new Set(
      board.dataPanels.flatMap((panel) => panel.targets.flatMap((t) => metricOf(t.query))),
    );
    const missing = METRIC_NAMES.filter((metric) => !shown.has(metric));
    expect(missing).toEqual(leftOut);
  });

  test('finds the kind of request under the name that each metric has for it', () => {
    const filters = board.dataPanels.flatMap((panel) => panel.targets.map(({ query }) => query));
    const filtered = filters.filter((query) => query.includes('$kind'));
    expect(filtered.length).toBeGreaterThan(30);
    for (const query of filtered) {
      expect(/(\w+)"?\s*=~\s*["/]\^?\$kind/.exec(query)?.[1], query).toBe(
        metricOf(query).some((metric) => ['ai_errors', 'ai_warnings'].includes(metric))
          ? 'request_kind'
          : 'kind',
      );
    }
  });

  test('uses no variable that it does not have', () => {
    const variables = new Set([...board.variables.map((each) => each.name), 'tag']);
    const queries = board.dataPanels.flatMap((panel) => panel.targets.map((target) => target.query));
    for (const query of [...queries, ...board.variables.map((each) => each.query)]) {
      for (const [, used = ''] of query.matchAll(/\$(\w+)/g)) {
        expect(used.startsWith('__') || used === 'timeFilter' || variables.has(used), query).toBe(true);
      }
    }
  });
});

test('both boards show the same panels', () => {
  const titles = BOARDS.map(({ name }) => readBoard(fileText(name)).panels.map((panel) => panel.title));
  expect(titles[0]).toEqual(titles[1]);
});

test("k6's web dashboard asks only for metrics that exist, with aggregates that fit their type", () => {
  const aggregates: Record<string, string[]> = {
    trend: ['avg', 'p50', 'p90', 'p95', 'p99'],
    counter: ['rate', 'count'],
    rate: ['rate'],
    gauge: ['value'],
  };
  const queries = [...fileText('k6-web-dashboard.json').matchAll(/"query": "([^"]+)"/g)].map(
    ([, q = '']) => q,
  );
  expect(queries.length).toBeGreaterThan(20);
  for (const query of queries.filter((each) => !each.startsWith('['))) {
    const [, metric = '', wanted = ''] =
      /^(\w+)\[\?(?:!tags|tags\.model=='[^']+') && (.+)\]$/.exec(query) ?? [];
    const type = METRIC_NAMES.find((name) => name === metric);
    const allowed = aggregates[type === undefined ? (K6_METRICS[metric] ?? '') : METRIC_SPECS[type].type];
    expect(allowed, query).toBeDefined();
    for (const aggregate of wanted.replace(/[()]/g, '').split(' || '))
      expect(allowed, query).toContain(aggregate);
  }
});
