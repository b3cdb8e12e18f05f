import { defineCommand, UsageError } from '../cli/define-command.ts';
import { searchCommand } from './search-command.ts';

/** `k6-llm search`: the highest load that keeps a service level. */
export const command = defineCommand({
  name: 'search',
  summary: 'Finds the highest load that keeps a service level.',
  usage: "[scenario] --slo 'p95(ai_ttft_ms)<1000; error_rate<1%' [flags]",
  flags: {
    slo: {
      type: 'string',
      value: 'SLO',
      help: 'what must hold: terms as in --gate and thresholds, parted by ;',
    },
    by: { type: 'string', value: 'rate|vus', help: 'requests a second (default), or users at a time' },
    min: { type: 'string', value: 'N', help: 'the load to begin with (default 1)' },
    max: { type: 'string', value: 'N', help: 'the highest load to try (default 10000)' },
    precision: { type: 'string', value: 'P%', help: 'how close the answer must be (default 5%)' },
    hold: { type: 'string', value: 'TIME', help: 'how long a step measures, at least (default 30s)' },
    stream: { type: 'boolean', help: 'ask for streamed answers, measured by a stream meter' },
    budget: { type: 'string', value: 'USD', help: 'dollars that all steps together may cost' },
    resume: { type: 'boolean', help: 'go on where Ctrl-C or a crash left a search' },
    json: { type: 'boolean', help: 'print answer.json' },
  },
  details: `
Doubles the load until the service level breaks, by short k6 runs, then halves the distance by full ones until what
held and what broke are as close as --precision asks. Each run has a warm-up. A step within noise of a limit is tried
again; a load that this machine could not make gives no verdict on the server. The requests are those of the scenario
(default: baseline) and of the settings (docs/settings.md), whatever its own load.

  k6-llm search --slo 'p95(ai_latency_ms)<5s' --max 200
  k6-llm search --stream --by vus --slo 'p95(ai_ttft_ms)<1s; p50(ai_tpot_ms)<50'

A service level that says nothing of failures gets error_rate<5%. The answer goes to LLM_RESULTS_DIR, else to
results/<time>-search/: answer.json, answer.md, answer.html, and each step's own results in steps/. With --resume, the
folder is LLM_RESULTS_DIR, else the last search in results/ that is not done.

Exit codes: 0 a capacity was found; 3 none can be told, and the answer says why; 2 wrong usage, nothing was sent; 105
interrupted, with what was known by then; 104, 107, 108 a k6 run could not be made (docs/running.md).`,
  run: async ({ values, operands, rest }) => {
    const [scenario, ...more] = operands;
    if (more.length > 0 || rest.length > 0)
      throw new UsageError(
        "expected at most one scenario; write k6-llm search baseline --slo 'p95(ai_latency_ms)<5s'",
      );
    return searchCommand({
      scenario: scenario ?? null,
      slo: values.slo ?? null,
      by: values.by ?? null,
      min: values.min ?? null,
      max: values.max ?? null,
      precision: values.precision ?? null,
      hold: values.hold ?? null,
      stream: values.stream ?? false,
      budget: values.budget ?? null,
      resume: values.resume ?? false,
      asJson: values.json ?? false,
    });
  },
});
