import { existsSync } from 'node:fs';
import { defineCommand, UsageError } from '../cli/define-command.ts';
import { listRuns, renderRuns } from './list-runs.ts';

/** `k6-llm list`: what is in `results/`. */
export const command = defineCommand({
  name: 'list',
  summary: 'Lists the runs in a folder, those that began last first.',
  usage: '[folder]',
  flags: {},
  details: `
The folder is results/ unless another is named; runs in a folder within it, as results/demo/stress, are listed too.

  k6-llm list
  k6-llm report results/2026-11-25T04-31-07-stress --open

Exit codes: 0 listed, 2 when a folder that was named is not there.`,
  run: async ({ operands }) => {
    const [folder = 'results', ...more] = operands;
    if (more.length > 0) throw new UsageError('expected at most one folder; write k6-llm list results');
    const isThere = existsSync(folder);
    if (!isThere && operands.length > 0) throw new UsageError(`${folder}: there is no such folder`);
    const runs = isThere ? await listRuns(folder) : [];
    console.log(runs.length === 0 ? `${folder} holds no run` : renderRuns(runs).join('\n'));
    return 0;
  },
});
