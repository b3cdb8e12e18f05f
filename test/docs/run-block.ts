import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { CIRCUMSTANCES } from './circumstances.ts';
import { startGroup } from './place.ts';
import type { ShellBlock } from './shell-blocks.ts';

/** Where a block is run. */
export type Surroundings = {
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** What enters the network of the test. */
  enter: readonly string[];
  /** Programs that some commands need and this machine has. */
  programs: ReadonlySet<string>;
};

/** What came of a block: commands that did not end as they should, and those that did not run. */
export type Outcome = { failed: string[]; ran: string[]; left: string[]; output: string };

const MARKS = 'docs-exit-codes';

/** Runs a block in one shell, as a reader pastes it: variables and background jobs stay from line to line. */
export async function runBlock(
  block: ShellBlock,
  { cwd, env, enter, programs }: Surroundings,
): Promise<Outcome> {
  const marks = path.join(cwd, MARKS);
  await rm(marks, { force: true });
  const outcome: Outcome = { failed: [], ran: [], left: [], output: '' };
  const script: string[] = [];
  for (const { text, key } of block.commands) {
    const circumstance = CIRCUMSTANCES.get(key) ?? {};
    if ('not' in circumstance || ('needs' in circumstance && !programs.has(circumstance.needs))) {
      outcome.left.push(key);
      continue;
    }
    const { before, listensOn } = 'needs' in circumstance ? {} : circumstance;
    if (before !== undefined) script.push(before);
    script.push(text, `echo "$?" >> ${MARKS}`);
    if (listensOn !== undefined) script.push(untilListening(listensOn));
    outcome.ran.push(key);
  }
  const group = startGroup([...enter, 'bash', '-c', script.join('\n')], { cwd, env });
  try {
    await group.ended;
  } finally {
    await group.end();
  }
  outcome.output = group.output();
  const codes = (await readFile(marks, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
  for (const [index, key] of outcome.ran.entries()) {
    const circumstance = CIRCUMSTANCES.get(key) ?? {};
    const right = 'exit' in circumstance ? (circumstance.exit?.codes ?? [0]) : [0];
    const code = codes[index] ?? 'no exit code';
    if (!right.map(String).includes(code)) outcome.failed.push(`${key}: ended with ${code}`);
  }
  return outcome;
}

/** Waits, half a minute at most, as a reader does who looks whether it is there. */
export function untilListening(port: number): string {
  const isThere = `(exec 3<>/dev/tcp/127.0.0.1/${port}) 2>/dev/null`;
  return `for i in $(seq 300); do ${isThere} && break; sleep 0.1; done; ${isThere}`;
}
