import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

/** The built `k6-llm`. */
export const CLI = path.join(import.meta.dirname, '..', '..', 'dist', 'cli.mjs');

export type CliResult = { code: number | null; stdout: string; stderr: string };

export type RunningCli = {
  child: ChildProcess;
  /** What it has said so far, on both. */
  output: () => string;
  ended: Promise<CliResult>;
};

/** Settings of the shell would change what a test sees; where k6 is stays. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(LLM_|K6_(?!BIN))|_API_KEY$/.test(name)),
  );
}

/** Starts the built `k6-llm`. V8 is not to optimise: in a short command that takes a fifth of the CPU, for nothing. */
export function startCli(args: readonly string[], where: Where): RunningCli {
  if (!existsSync(CLI)) throw new Error('dist/cli.mjs is not built; run npm run build');
  return startProgram(process.execPath, ['--no-opt', CLI, ...args], where);
}

type Where = { cwd: string; env?: Readonly<Record<string, string>> };

/** Starts any program. */
export function startProgram(program: string, args: readonly string[], { cwd, env = {} }: Where): RunningCli {
  const child = spawn(program, args, {
    cwd,
    env: { ...cleanEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
  const ended = new Promise<CliResult>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...said }));
  });
  return { child, output: () => said.stdout + said.stderr, ended };
}

/** Runs any program to its end, as `runCli` does. */
export function runProgram(...parameters: Parameters<typeof startProgram>): Promise<CliResult> {
  return startProgram(...parameters).ended;
}

/** Runs the built `k6-llm` to its end. */
export function runCli(...parameters: Parameters<typeof startCli>): Promise<CliResult> {
  return startCli(...parameters).ended;
}
