import { defineCommand, UsageError } from '../cli/define-command.ts';
import { builtScript } from '../run/built-script.ts';
import { calibrateMachine } from './calibrate-machine.ts';
import { doctor } from './doctor.ts';

export const command = defineCommand({
  name: 'doctor',
  summary:
    'Shows which k6 is used, every setting as resolved, whether the target answers, and what would be sent.',
  usage: '[scenario]',
  flags: {
    stream: { type: 'boolean', help: 'as k6-llm run --stream would ask' },
    calibrate: {
      type: 'boolean',
      help: 'measure what this machine can drive, and what it adds to TTFT and TPOT, against a mock',
    },
    ask: { type: 'boolean', help: 'also ask each model one small question, and tell who answers' },
  },
  details: `
For example:

  k6-llm doctor
  k6-llm doctor baseline --stream
  k6-llm doctor ./my-scenario.ts
  k6-llm doctor --ask

Nothing is sent but one GET for the list of models, one for the metrics page where LLM_METRICS_URL names it, and with
--ask one request of at most 16 tokens for each model. The key is masked. Exit code 0 when a run could start, 1 when
not, 2 for wrong settings.

--calibrate sends nothing to the target: k6 and the stream meter run against a mock of their own with 10, 100, 400 and
1,000 streams. The answer goes to LLM_RESULTS_DIR, else to results/<time>-calibrate/, and is kept for this machine, so
that runs and searches can say what it adds. It takes about a minute; exit code 105 when interrupted.`,
  run: async ({ values, operands }) => {
    const [scenario = 'smoke', ...more] = operands;
    if (more.length > 0) throw new UsageError('expected at most one scenario; write k6-llm doctor baseline');
    if (values.calibrate === true) {
      if (operands.length > 0 || values.stream === true || values.ask === true)
        throw new UsageError('--calibrate: expected nothing beside it; write k6-llm doctor --calibrate');
      return calibrateMachine();
    }
    return doctor(await builtScript(scenario), { stream: values.stream ?? false, asks: values.ask ?? false });
  },
});
