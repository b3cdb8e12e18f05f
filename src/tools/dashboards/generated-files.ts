import { buildDashboard } from './build-dashboard.ts';
import { INFLUXQL } from './influxql.ts';
import { PROMQL, TREND_STATS } from './promql.ts';
import { ROWS } from './rows.ts';
import { webDashboardLayout } from './web-layout.ts';

/** The models of the default mix; `k6-llm run --k6-dashboard` writes a layout with those of its own. */
const DEFAULT_MODELS = ['gpt-4.1', 'claude-sonnet-4.5', 'deepseek-v3.2'];

/** A file under `dashboards/` and what it must hold. */
export type GeneratedFile = { name: string; text: string };

/** Every generated file. `npm run dashboards` writes them; a test compares them with the committed ones. */
export function generatedFiles(): GeneratedFile[] {
  const influx = buildDashboard(ROWS, {
    dialect: INFLUXQL,
    identity: {
      uid: 'k6-llm-influxdb',
      title: 'k6 LLM load test (InfluxDB)',
      description: 'Written by `npm run dashboards` from the list of metrics: change it there.',
    },
  });
  const prometheus = buildDashboard(ROWS, {
    dialect: PROMQL,
    identity: {
      uid: 'k6-llm-prometheus',
      title: 'k6 LLM load test (Prometheus)',
      description:
        'Written by `npm run dashboards` from the list of metrics: change it there. ' +
        `Needs K6_PROMETHEUS_RW_TREND_STATS=${TREND_STATS}. Percentiles count from the start of the test; ` +
        'where several series meet, the largest is shown.',
    },
  });
  return [
    { name: 'influxdb.json', text: json(influx) },
    { name: 'prometheus.json', text: json(prometheus) },
    { name: 'k6-web-dashboard.json', text: json(webDashboardLayout(DEFAULT_MODELS)) },
  ];
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
