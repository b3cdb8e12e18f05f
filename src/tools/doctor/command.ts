import { defineCommand, UsageError } from '../cli/define-command.ts';
import { doctor } from './doctor.ts';

export const command = defineCommand({
  name: 'doctor',
  summary:
    'Shows which k6 is used, every setting as resolved, whether the target answers, and what would be sent.',
  usage: '[scenario]',
  flags: {},
  details: `
Nothing is sent but one GET for the list of models. The key is masked. Exit code 0 when a run could start, 1 when
not, 2 for wrong settings.`,
  run: async ({ operands }) => {
    const [scenario = 'smoke', ...more] = operands;
    if (more.length > 0) throw new UsageError('expected at most one scenario; write k6-llm doctor baseline');
    return doctor(scenario);
  },
});
