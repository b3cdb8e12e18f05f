import { plainText } from '../text/plain-text.ts';

/** What a person must know to mend a wrong setting or file. None of it may hold a key or a prompt. */
export type ConfigProblem = {
  /** The setting's name, `LLM_MIX`, or the file and place, `prices.json: models.gpt-4.1.input`. */
  setting: string;
  /** What was given, as given. */
  got: string;
  /** What is allowed, in words. */
  expected: string;
  /** A line that works, `LLM_MIX=gpt-4.1=70,claude-sonnet-4.5=30`. */
  example: string;
};

/** A wrong value that stops the run before its first request. The message says what, got, expected, fix. */
export class ConfigError extends Error {
  readonly problem: ConfigProblem;

  constructor(problem: ConfigProblem) {
    const { setting, got, expected, example } = problem;
    super(plainText(`${setting}: got ${quote(got)}; expected ${expected}; write ${example}`));
    this.name = 'ConfigError';
    this.problem = problem;
  }
}

const MAX_QUOTED_CHARS = 80;

/** The value in quotes, on one line, cut after 80 characters. */
function quote(value: string): string {
  const oneLine = value.replace(/\s+/g, ' ');
  const cut = oneLine.length > MAX_QUOTED_CHARS ? `${oneLine.slice(0, MAX_QUOTED_CHARS)}…` : oneLine;
  return `"${cut}"`;
}
