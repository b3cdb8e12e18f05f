import { defineCommand, UsageError } from '../cli/define-command.ts';
import { SCENARIO_WORDS } from './scenario-words.ts';
import { builtScript } from './built-script.ts';
import { runCommand } from './run-command.ts';

function scenarioTable(): string {
  const width = Math.max(...[...SCENARIO_WORDS.keys()].map((name) => name.length)) + 2;
  return [...SCENARIO_WORDS].map(([name, words]) => `  ${name.padEnd(width)}${words}`).join('\n');
}

export const command = defineCommand({
  name: 'run',
  summary: 'Runs a scenario with k6, and keeps what it measured.',
  usage: '<scenario> [flags] [-- k6 arguments]',
  flags: {
    stream: { type: 'boolean', help: 'ask for streamed answers, measured by a stream meter of its own' },
    cloud: {
      type: 'boolean',
      help: 'write the k6 cloud command line for it, without the key, and run nothing',
    },
    live: { type: 'boolean', help: 'show the run in a browser while it goes on, on loopback' },
    'k6-dashboard': { type: 'boolean', help: "show it with k6's own web dashboard, on loopback" },
    'k6-bars': { type: 'boolean', help: "k6's own progress bars in place of our status line" },
    shards: { type: 'string', value: 'N', help: 'divide the load among N k6 processes on this machine' },
    meters: {
      type: 'string',
      value: 'N|auto',
      help: 'stream meters that share the streams (default auto: one a thousand)',
    },
    influxdb: {
      type: 'string',
      value: 'URL',
      help: 'send every sample to InfluxDB 1, 2 or 3 or VictoriaMetrics, http://host:8086/k6',
    },
    prometheus: {
      type: 'string',
      value: 'URL',
      help: 'send metrics by Prometheus remote write, http://host:9090',
    },
    otel: {
      type: 'string',
      value: 'URL',
      help: 'send metrics to an OpenTelemetry collector, http://host:4318 or grpc://host:4317',
    },
  },
  details: `
Scenarios, or the path of one of your own (TypeScript is built first, into dist/) or of any k6 script:

${scenarioTable()}

Settings are environment variables (docs/settings.md):

  export LLM_BASE_URL=http://127.0.0.1:8000/v1 LLM_MIX=my-model
  k6-llm run baseline --stream
  k6-llm run ./my-scenario.ts

Results go to LLM_RESULTS_DIR, else to results/<time>-<scenario>/: summary.json, summary.md, junit.xml,
report.html, stats.csv, and samples.jsonl with one line a request.

Flags and settings behind -- go to k6, -e NAME=value included.

Exit codes are k6's own: 0 ok, 99 thresholds, 104 options, 105 interrupted, 107 script or setup, 108 aborted;
with --shards the gravest of them. 2 for wrong usage, or a store that cannot be used; 3 when a store lost points of
a run that was otherwise well.`,
  run: async ({ values, operands, rest }) => {
    const [scenario, ...more] = operands;
    if (scenario === undefined || more.length > 0) {
      throw new UsageError('expected one scenario; write k6-llm run smoke, and k6 arguments behind --');
    }
    return runCommand({
      scenario: await builtScript(scenario),
      stream: values.stream ?? false,
      cloud: values.cloud ?? false,
      live: values.live ?? false,
      k6Dashboard: values['k6-dashboard'] ?? false,
      k6Bars: values['k6-bars'] ?? false,
      shards: values.shards ?? null,
      meters: values.meters ?? null,
      influxdb: values.influxdb ?? null,
      prometheus: values.prometheus ?? null,
      otel: values.otel ?? null,
      k6Args: rest,
    });
  },
});
