import type { MetricName } from '../../lib/metrics/metric-list.ts';

/** A line of k6's web dashboard: its own little query language, `metric[?!tags && (avg || p95)]`. */
type Series = { query: string; legend?: string };

type LayoutPanel = {
  id: string;
  title: string;
  kind: 'stat' | 'chart' | 'summary';
  summary?: string;
  fullWidth?: boolean;
  series: Series[];
};

type Section = { id: string; title?: string; summary?: string; panels: LayoutPanel[] };

type Tab = { id: string; title: string; summary?: string; sections: Section[] };

/** The layout that k6's web dashboard reads from `XK6_DASHBOARD_CONFIG`; it replaces the built-in one. */
export type WebDashboardLayout = { title: string; tabs: Tab[] };

/** k6's own metrics that the layout shows beside ours. */
type K6Name =
  | 'vus'
  | 'http_reqs'
  | 'http_req_duration'
  | 'http_req_failed'
  | 'dropped_iterations'
  | 'iterations';

type Aggregate = 'avg' | 'p50' | 'p90' | 'p95' | 'p99' | 'rate' | 'count' | 'value';

/** The values of the untagged metric: all models together. */
function all(metric: MetricName | K6Name, ...aggregates: Aggregate[]): string {
  const wanted = aggregates.length === 1 ? `${aggregates[0]}` : `(${aggregates.join(' || ')})`;
  return `${metric}[?!tags && ${wanted}]`;
}

/** The values of one model; k6 keeps those only with `K6_WEB_DASHBOARD_TAGS=model`. */
function ofModel(metric: MetricName, { model, aggregate }: { model: string; aggregate: Aggregate }): string {
  const literal = model.replaceAll('\\', String.raw`\\`).replaceAll("'", String.raw`\'`);
  return `${metric}[?tags.model=='${literal}' && ${aggregate}]`;
}

/**
 * An LLM tab in front, each model's figures, k6's own numbers behind them, every metric in a table at the end.
 *
 * The page writes `/s` behind every number of ours, because our Trends carry no unit for it (they would be
 * seconds in Prometheus): so titles name the unit. It loses type and legend of series whose tag holds a dot,
 * as most model names do: so models are told apart by figures, which survive that, and not by lines.
 *
 * @param models the models of the run, in the order in which they are shown.
 */
export function webDashboardLayout(models: readonly string[]): WebDashboardLayout {
  const tabs: Omit<Tab, 'id'>[] = [
    { title: 'LLM', sections: [headline(), speed(), flow()] },
    { title: 'By model', sections: models.map(perModel) },
    { title: 'HTTP and load', sections: [http()] },
    { title: 'Summary', sections: [tables()] },
  ];
  return { title: 'k6 LLM load test', tabs: tabs.map(withIds) };
}

function headline(): Section {
  return section([
    stat('Latency p95, ms', all('ai_latency_ms', 'p95')),
    stat('TTFT p95, ms', all('ai_ttft_ms', 'p95')),
    stat('Errors, 1 = all', all('error_rate', 'rate')),
    stat('Goodput, 1 = all', all('ai_goodput', 'rate')),
    stat('Output tokens/s', all('ai_output_tokens', 'rate')),
    stat('Dollars/s', all('ai_cost_dollars', 'rate')),
  ]);
}

function speed(): Section {
  return section([
    chart('Latency, ms', [{ query: all('ai_latency_ms', 'avg', 'p95', 'p99') }]),
    chart('Time to first token, ms', [{ query: all('ai_ttft_ms', 'avg', 'p95', 'p99') }]),
    chart('Time per output token, ms', [{ query: all('ai_tpot_ms', 'avg', 'p95', 'p99') }]),
    chart('Tokens/s of one request', [{ query: all('token_throughput_per_sec', 'avg', 'p95') }]),
  ]);
}

function flow(): Section {
  return section([
    chart('Requests/s: started, finished', [
      { query: all('ai_requests_started', 'rate'), legend: 'started' },
      { query: all('ai_requests_finished', 'rate'), legend: 'finished' },
    ]),
    chart('Tokens/s: in, cached, out', [
      { query: all('ai_input_tokens', 'rate'), legend: 'input' },
      { query: all('ai_cached_tokens', 'rate'), legend: 'cached input' },
      { query: all('ai_output_tokens', 'rate'), legend: 'output' },
    ]),
    chart('Dollars/s', [{ query: all('ai_cost_dollars', 'rate'), legend: 'dollars/s' }]),
    chart('Errors/s, refused for rate, retries', [
      { query: all('ai_errors', 'rate'), legend: 'errors' },
      { query: all('ai_rate_limited', 'rate'), legend: 'refused for rate (429)' },
      { query: all('ai_retries', 'rate'), legend: 'retries' },
    ]),
  ]);
}

function perModel(model: string): Section {
  const of = (metric: MetricName, aggregate: Aggregate): string => ofModel(metric, { model, aggregate });
  return {
    ...section([
      stat('Latency p95, ms', of('ai_latency_ms', 'p95')),
      stat('TTFT p95, ms', of('ai_ttft_ms', 'p95')),
      stat('Errors, 1 = all', of('error_rate', 'rate')),
      stat('Goodput, 1 = all', of('ai_goodput', 'rate')),
      stat('Output tokens/s', of('ai_output_tokens', 'rate')),
      stat('Dollars/s', of('ai_cost_dollars', 'rate')),
    ]),
    title: model,
  };
}

function http(): Section {
  return section([
    chart('VUs', [{ query: all('vus', 'value'), legend: 'VUs' }]),
    chart('HTTP requests/s', [
      { query: all('http_reqs', 'rate'), legend: 'requests/s' },
      { query: all('dropped_iterations', 'rate'), legend: 'dropped iterations/s' },
    ]),
    chart('HTTP request duration', [{ query: all('http_req_duration', 'avg', 'p95', 'p99') }]),
    chart('HTTP requests failed', [{ query: all('http_req_failed', 'rate') }]),
  ]);
}

function tables(): Section {
  return section([
    table('Trends', '[?!tags && trend]'),
    table('Counters', '[?!tags && counter]'),
    table('Rates', '[?!tags && rate]'),
    table('Gauges', '[?!tags && gauge]'),
  ]);
}

function stat(title: string, query: string): LayoutPanel {
  return { id: '', title, kind: 'stat', series: [{ query }] };
}

function chart(title: string, series: Series[]): LayoutPanel {
  return { id: '', title, kind: 'chart', series };
}

function table(title: string, query: string): LayoutPanel {
  return { id: '', title, kind: 'summary', series: [{ query }] };
}

function section(panels: LayoutPanel[]): Section {
  return { id: '', panels };
}

/** Ids as k6's own layout has them; its page uses them as keys. */
function withIds(tab: Omit<Tab, 'id'>, tabIndex: number): Tab {
  const id = `tab-${tabIndex}`;
  const sections = tab.sections.map((section, sectionIndex) => {
    const sectionId = `${id}.section-${sectionIndex}`;
    const panels = section.panels.map((panel, index) => ({ ...panel, id: `${sectionId}.panel-${index}` }));
    return { ...section, id: sectionId, panels };
  });
  return { ...tab, id, sections };
}
