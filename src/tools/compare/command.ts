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
    by: { type: 'string', value: 'TAG', help: 'compare the models or providers of one run: model, provider' },
    force: { type: 'boolean', help: 'compare runs of different models, load or seed all the same' },
  },
  details: `
The first run is what the others are held against. A run is whatever k6-llm report takes.

  k6-llm compare results/main results/pr
  k6-llm compare results/main results/pr --gate "p95(ai_ttft_ms) +10%; error_rate +1pp; cost +5%"
  k6-llm compare results/ab --by provider

Intervals hold the true difference with 95 % confidence, by a block bootstrap of the samples. A rule is broken
when the measure got worse by more than its allowance and the interval leaves no doubt that it got worse at all.

Exit codes: 0 every rule held (or no gate), 1 a rule was broken or could not be judged, 2 wrong usage or runs that
cannot be compared.`,
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
    });
  },
});
