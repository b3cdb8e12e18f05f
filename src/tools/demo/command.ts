import { runDemo } from './run-demo.ts';
import { writeForOwnerOnly } from '../results/folder/take-folder.ts';
import { findK6OrTell } from '../k6/find-or-tell.ts';
import { defineCommand, EXIT_USAGE, UsageError } from '../cli/define-command.ts';

export const command = defineCommand({
  name: 'demo',
  summary: 'Load-tests a mock LLM with real k6: smoke, baseline, spike, stress, and a streamed baseline.',
  usage: '',
  flags: {},
  details: `
For example:

  k6-llm demo

About a minute, on loopback only. It leaves results/demo/<run>/ and results/demo/report.html, and exits 0 when
every run ended as the demo expects.`,
  run: async ({ operands }) => {
    if (operands.length > 0) throw new UsageError('the demo takes no operands');
    const k6 = await findK6OrTell('demo');
    if (k6 === null) return EXIT_USAGE;
    writeForOwnerOnly();
    return runDemo(k6);
  },
});
