import { defineCommand, EXIT_USAGE, UsageError } from '../cli/define-command.ts';
import { findK6OrTell } from '../k6/find-or-tell.ts';
import { runK6BesideMeter } from './run-k6-beside-meter.ts';

/** `k6-llm k6`: what an image puts in k6's place. */
export const command = defineCommand({
  name: 'k6',
  summary: 'Be k6, with a stream meter beside it where the run needs one.',
  usage: '-- <k6 arguments>',
  flags: {},
  details: `
For images whose k6 is started by something else, as the k6 operator does: deploy/Dockerfile puts this in k6's place.
Every argument goes to the real k6, whose path is in K6_BIN. For k6 run with streams a meter is started before and ended
after it; signals are handed on, and the exit code is k6's. Results and samples go to LLM_RESULTS_DIR, to its folder
LLM_PART where that is set, so that pods can share a volume and k6-llm report can merge what they left.

Exit codes: k6's own; 107 when the meter did not start, 2 for a wrong setting.`,
  run: async ({ rest }) => {
    const binary = (process.env['K6_BIN'] ?? '').trim();
    // Found on PATH it might be the image's own k6, which is us.
    if (binary === '') {
      throw new UsageError(
        'K6_BIN: got nothing; expected the path of the real k6; write K6_BIN=/usr/lib/k6/k6',
      );
    }
    const k6 = await findK6OrTell('k6');
    if (k6 === null) return EXIT_USAGE;
    return runK6BesideMeter(rest, { binary: k6.path, env: process.env, cwd: process.cwd() });
  },
});
