import { plainJsonText } from '../../lib/text/plain-text.ts';
import { parseSlo } from '../../lib/figures/slo.ts';
import { wrap } from '../../lib/text/table.ts';
import { takeAnswerFolder, writeAnswer } from '../answers/answer-folder.ts';
import { defineCommand, UsageError } from '../cli/define-command.ts';
import { explain } from './explain.ts';
import { readInput, readRecording } from './read-recording.ts';
import { renderExplanation } from './render-explanation.ts';
import { answerRules, type RulesAnswer } from './rules/answer-rules.ts';
import { renderRules } from './rules/render-rules.ts';

/** `k6-llm explain`: what a recorded stream would count as, and why; with `--rules`, under other tools' rules too. */
export const command = defineCommand({
  name: 'explain',
  summary: 'Shows what would be recorded of a stream, event by event, and why.',
  usage: 'FILE [--json] [--rules [--slo SLO] [--save]]',
  flags: {
    json: { type: 'boolean', help: 'print JSON' },
    rules: { type: 'boolean', help: 'score it under the rules of other tools too' },
    slo: { type: 'string', value: 'SLO', help: 'with a record: goodput by each tool, ttft:800,latency:4000' },
    save: { type: 'boolean', help: 'write answer.json and answer.md' },
  },
  details: `
For example:

  k6-llm explain stream.sse
  k6-llm explain --rules record.jsonl

FILE holds a recorded stream, - reads standard input. Either JSON lines as the bytes arrived,
  [120, "data: {…}\\n\\n"]
  [180, {"hex": "646174613a…"}]
  {"close": "clean"}                 or {"close": "reset"}
or a plain capture of the body (curl -N … > stream.sse), which has no times and counts as ended cleanly.
--rules scores the same events as vLLM's bench, AIPerf, GuideLLM, xk6-llm and inference-perf would, and names the file
and the version of each that its rule was read from. There FILE may also be what k6-llm meter --record FILE --events
wrote of a run: means and p95 of the whole run. --save writes the answer to LLM_RESULTS_DIR, else to
results/<time>-explain/.
Exit codes: 0 explained, whatever it was; 2 a file that cannot be used.`,
  run: async ({ values, operands }) => {
    const [file, ...more] = operands;
    if (file === undefined || more.length > 0)
      throw new UsageError('expected one file; write k6-llm explain stream.sse');
    if (values.rules !== true && (values.save === true || values.slo !== undefined)) {
      const got = values.save === true ? '--save' : '--slo';
      throw new UsageError(`${got}: got no --rules; write k6-llm explain --rules ${got} … FILE`);
    }
    const asJson = values.json === true;
    if (values.rules === true) {
      const slo = values.slo === undefined ? null : parseSlo(values.slo, '--slo');
      const answer = answerRules(await readInput(file), { file, slo });
      await giveAnswer(answer, { asJson, save: values.save === true });
      return 0;
    }
    const explanation = explain(await readRecording(file));
    console.log(
      asJson ? plainJsonText(JSON.stringify(explanation, null, 2)) : renderExplanation(explanation),
    );
    return 0;
  },
});

async function giveAnswer(
  answer: RulesAnswer,
  { asJson, save }: { asJson: boolean; save: boolean },
): Promise<void> {
  const table = renderRules(answer.rules);
  if (save) {
    const taken = await takeAnswerFolder('explain', {
      env: process.env,
      now: new Date(),
      say: console.error,
    });
    try {
      await writeAnswer(taken.folder, answer, { table });
    } finally {
      taken.release();
    }
    console.error(`answer: ${taken.folder}/answer.json, answer.md`);
  }
  console.log(
    asJson
      ? plainJsonText(JSON.stringify(answer, null, 2))
      : `${wrap(answer.sentence, 80).join('\n')}\n\n${table}`,
  );
}
