import { compareCommand } from './compare-results.ts';
import { defineCommand, UsageError } from '../cli/define-command.ts';

/** `k6-llm compare`: what changed between runs, whether it is more than noise, and a gate on it. */
export const command = defineCommand({
  name: 'compare',
  summary: 'Compares runs side by side, and gates on what got worse.',
  usage: '<first> <second>... [flags]',
  flags: {
    gate: {
      type: 'string',
      multiple: true,
      value: 'RULES',
      help: 'exit 1 when a measure got worse than allowed, beyond noise',
    },
    json: { type: 'boolean', help: 'print JSON' },
    markdown: { type: 'boolean', help: 'print markdown, for a pull request' },
    html: { type: 'string', value: 'FILE', help: 'write a page' },
    junit: { type: 'string', value: 'FILE', help: "write the gate's verdict as JUnit" },
    by: {
      type: 'string',
      value: 'TAG',
      help: 'compare the models, providers or kinds of requests of one run: model, provider, kind',
    },
    'allow-undecided': { type: 'boolean', help: 'exit 0 where no rule is broken, though some are undecided' },
    force: { type: 'boolean', help: 'compare runs of different models, load or seed all the same' },
  },
  details: `
The first run is what the others are held against. A run is whatever k6-llm report takes.

  k6-llm compare results/main results/pr
  k6-llm compare results/main results/pr --gate "p95(ai_ttft_ms) +10%; error_rate +1pp; cost +5%"
  k6-llm compare results/ab --by provider

Intervals hold the true difference with 95 % confidence; how alike neighbouring requests are is counted in, and where
they are too alike to tell, there is no interval. A rule is broken when the measure got worse by more than its allowance
and beyond noise; it is undecided when the runs are too short, or too alike in themselves, to tell.

Exit codes: 0 every rule held (or no rule), 1 a rule was broken, 2 wrong usage or runs that cannot be compared, 3 no rule
was broken, but one is undecided (0 with --allow-undecided).`,
  run: async ({ values, operands }) => {
    if (values.json === true && values.markdown === true)
      throw new UsageError('choose one of --json and --markdown');
    return compareCommand({
      inputs: operands,
      rules: values.gate ?? [],
      format: values.json === true ? 'json' : values.markdown === true ? 'markdown' : 'text',
      htmlFile: values.html ?? null,
      junitFile: values.junit ?? null,
      by: values.by ?? null,
      force: values.force ?? false,
      allowUndecided: values['allow-undecided'] ?? false,
    });
  },
});
