import { ConfigError } from '../parse/config-error.ts';
import { hint } from '../parse/did-you-mean.ts';
import { flag, type Parse } from '../parse/values.ts';

/**
 * What setup asks before the load:
 * - `models`: the server's list of models, for names, and for a doubt that `chat` settles;
 * - `chat`: one small request of each form; it alone may stop a run;
 * - `lengths`: two more, where prompts of a wanted length are asked for, on how the server counts them;
 * - `metrics`: the server's metrics page, where one is named;
 * - `redirects`: with the `sse` transport, whether the target leads elsewhere, since its client would follow.
 */
export const PREFLIGHT_QUESTIONS = ['models', 'chat', 'lengths', 'metrics', 'redirects'] as const;
export type PreflightQuestion = (typeof PREFLIGHT_QUESTIONS)[number];

/** `1`: all; `0`: none; `chat,metrics`: these; `-models,-lengths`: all but these. */
export const parseQuestions: Parse<readonly PreflightQuestion[]> = (value, setting) => {
  const words = value.split(',').map((word) => word.trim());
  const [first = ''] = words;
  if (words.length === 1 && /^(1|0|true|false|yes|no|on|off)$/i.test(first)) {
    return flag(first, setting) ? PREFLIGHT_QUESTIONS : [];
  }
  const isWithout = first.startsWith('-');
  const named = words.map((word) => questionOf(word, { isWithout, value, setting }));
  return PREFLIGHT_QUESTIONS.filter((question) => named.includes(question) !== isWithout);
};

function questionOf(
  word: string,
  { isWithout, value, setting }: { isWithout: boolean; value: string; setting: string },
): PreflightQuestion {
  const name = word.replace(/^-/, '');
  const found = PREFLIGHT_QUESTIONS.find((question) => question === name);
  if (found !== undefined && word.startsWith('-') === isWithout) return found;
  throw new ConfigError({
    setting,
    got: value,
    expected: `1, 0, or some of ${PREFLIGHT_QUESTIONS.join(', ')}, each with a minus to leave it out, or none${hint(name, PREFLIGHT_QUESTIONS)}`,
    example: `${setting}=-models`,
  });
}
