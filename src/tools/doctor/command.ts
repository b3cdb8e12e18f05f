import { defineCommand, UsageError } from '../cli/define-command.ts';
import { doctor } from './doctor.ts';

export const command = defineCommand({
  name: 'doctor',
  summary:
    'Shows which k6 is used, every setting as resolved, whether the target answers, and what would be sent.',
  usage: '[scenario]',
  flags: {
    stream: { type: 'boolean', help: 'as k6-llm run --stream would ask' },
    ask: { type: 'boolean', help: 'also ask each model one small question, and tell who answers' },
  },
  details: `
Nothing is sent but one GET for the list of models, one for the metrics page where LLM_METRICS_URL names it, and with
--ask one request of at most 16 tokens for each model. The key is masked. Exit code 0 when a run could start, 1 when
not, 2 for wrong settings.`,
  run: async ({ values, operands }) => {
    const [scenario = 'smoke', ...more] = operands;
    if (more.length > 0) throw new UsageError('expected at most one scenario; write k6-llm doctor baseline');
    return doctor(scenario, { stream: values.stream ?? false, asks: values.ask ?? false });
  },
});
