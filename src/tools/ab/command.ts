import { durationMs } from '../../lib/parse/values.ts';
import { SCENARIO_PARTS } from '../../lib/load/scenario-parts.ts';
import { lengthMs } from '../../lib/load/scale-load.ts';
import { plainJsonText } from '../../lib/text/plain-text.ts';
import { wrap } from '../../lib/text/table.ts';
import { writeAnswer } from '../answers/answer-folder.ts';
import { defineCommand, EXIT_USAGE, UsageError } from '../cli/define-command.ts';
import { findK6OrTell } from '../k6/find-or-tell.ts';
import type { AbAnswer, AnsweredAb } from './ab-answer.ts';
import { abPage } from './ab-page.ts';
import { planAb, runAb } from './run-ab.ts';
import { renderAb } from './render-ab.ts';

/** `k6-llm ab`: the same prompts to several providers, pair by pair. */
export const command = defineCommand({
  name: 'ab',
  summary: 'Asks several providers the same prompts, and tells which is better beyond noise.',
  usage: '--providers FILE [flags]',
  flags: {
    providers: { type: 'string', value: 'FILE', help: 'who is compared (docs/formats.md)' },
    stream: { type: 'boolean', help: 'ask for streamed answers, each provider through a meter of its own' },
    'leave-out-failed': { type: 'boolean', help: 'compare the others when one fails at the start' },
    duration: { type: 'string', value: 'DURATION', help: 'of the load (default 3m)' },
    json: { type: 'boolean', help: 'print JSON' },
  },
  details: `
For example:

  k6-llm ab --providers providers.json --stream

FILE is JSON:

  {"providers": [
    {"name": "relay", "baseUrl": "https://llm.example.com/v1",
     "keyVariable": "RELAY_KEY", "model": "gpt-4.1",
     "prices": {"input": 1.8, "output": 7.2}},
    {"name": "maker", "provider": "openai", "model": "gpt-4.1"}
  ]}

Keys come from the environment, from the variable that keyVariable names, else the preset's own. Each prompt goes to
every provider, one after the other, in an order drawn from the seed, so that what changes meanwhile changes for all.
Load and prompts are settings (docs/settings.md): LLM_VUS (5), LLM_THINK_TIME, LLM_MAX_TOKENS, LLM_DATASET, …

The run and its answer go to LLM_RESULTS_DIR, else to results/<time>-ab/: answer.json, answer.md, answer.html.

Exit codes: 0 answered; 2 wrong usage, nothing was sent; 105 interrupted, the answer is partial; k6's own where the run
ended itself or compared nothing.`,
  run: async ({ values, operands }) => {
    if (operands.length > 0)
      throw new UsageError(
        `got "${operands.join(' ')}"; expected flags only; write k6-llm ab --providers FILE`,
      );
    const timeScale =
      values.duration === undefined
        ? null
        : durationMs({ min: 1000, max: 86_400_000, example: '60s' })(values.duration, '--duration') /
          ownLengthMs();
    const plan = planAb({
      file: values.providers ?? null,
      stream: values.stream === true,
      leaveOut: values['leave-out-failed'] === true,
      timeScale,
    });
    const k6 = await findK6OrTell('ab');
    if (k6 === null) return EXIT_USAGE;
    return runAb(plan, {
      k6,
      give: (folder, answered) => giveAnswer(folder, answered, values.json === true),
    });
  },
});

/** As long as the scenario lasts by itself. */
function ownLengthMs(): number {
  return (SCENARIO_PARTS['ab'] ?? []).reduce((total, { load }) => total + (lengthMs(load) ?? 0), 0);
}

async function giveAnswer(folder: string, { answer, ...drawn }: AnsweredAb, asJson: boolean): Promise<void> {
  const table = renderAb(answer);
  await writeAnswer(folder, answer, { table, page: abPage(answer, drawn) });
  console.error(`answer: ${folder}/answer.json, answer.md, answer.html`);
  console.log(asJson ? plainJsonText(JSON.stringify(answer, null, 2)) : textOf(answer, table));
}

function textOf({ sentence, partial }: AbAnswer, table: string): string {
  const warning = partial ? ['', 'PARTIAL: it did not come to its end.'] : [];
  return [...wrap(sentence, 80), ...warning, '', table].join('\n');
}
