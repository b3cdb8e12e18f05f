import { explain } from './explain.ts';
import { readRecording } from './read-recording.ts';
import { renderExplanation } from './render-explanation.ts';
import { defineCommand, UsageError } from '../cli/define-command.ts';
import { plainJsonText } from '../../lib/text/plain-text.ts';

/** `k6-llm explain`: what a recorded stream would count as, and why. */
export const command = defineCommand({
  name: 'explain',
  summary: 'Shows what would be recorded of a stream, event by event, and why.',
  usage: 'FILE [--json]',
  flags: { json: { type: 'boolean', help: 'print JSON' } },
  details: `
FILE holds a recorded stream, - reads standard input. Either JSON lines as the bytes arrived,

  [120, "data: {…}\\n\\n"]
  [180, {"hex": "646174613a…"}]
  {"close": "clean"}                 or {"close": "reset"}

or a plain capture of the body (curl -N … > stream.sse), which has no times and counts as ended cleanly.

Exit codes: 0 explained, whatever it was; 2 a file that cannot be used.`,
  run: async ({ values, operands }) => {
    const [file, ...more] = operands;
    if (file === undefined || more.length > 0)
      throw new UsageError('expected one file; write k6-llm explain stream.sse');
    const explanation = explain(await readRecording(file));
    console.log(
      values.json === true
        ? plainJsonText(JSON.stringify(explanation, null, 2))
        : renderExplanation(explanation),
    );
    return 0;
  },
});
