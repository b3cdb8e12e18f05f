import { snippetOf } from './failure/snippet.ts';

/**
 * What may look wrong in an answer that is read all the same, in words for people. The names are the tag `kind` of
 * `ai_warnings`: a closed set, in the order in which summaries list it.
 */
export const WARNINGS = {
  unknown_finish: 'a finish reason that is not known: it may be a failure',
  invalid_output: 'the answer is not the JSON that was asked for',
  held_back: 'a proxy held the stream back: no TTFT, no TPOT',
  dropped_event: 'an event that is not JSON was skipped',
  stray_text: 'text stood where an event should be',
  joined_objects: 'several JSON objects stood in one event, and were read one by one',
  after_done: 'an event after [DONE] was not counted',
  cumulative: 'each event repeats all text before it',
  not_streamed: 'the answer is no event stream: read as a blocking answer',
  unasked_stream: 'streamed though no stream was asked for: read as one body',
  left_open: 'the connection stayed open after the end of the answer',
  zero_usage: 'zero usage with non-empty text: token counts are unknown',
  unexplained_total: 'the total of tokens holds more than input and output: output tokens are unknown',
  hidden_tokens: 'output tokens that were never streamed: no TPOT, no tokens/s',
  choices_added: 'output tokens of several choices, told one by one, were added up',
  choices_untold:
    'one count for several choices, of which nobody knows whether it is of all: output tokens are unknown',
  other_model: 'answered by another model than asked, of another price or of none',
  other_rate: 'the answer names a rate of its own that has no price here: charged at the ordinary one',
} as const;

export type WarningKind = keyof typeof WARNINGS;

export const WARNING_KINDS = Object.keys(WARNINGS) as readonly WarningKind[];

/** One kind of what looked wrong in one answer. */
export type AnswerWarning = {
  kind: WarningKind;
  /** One line for people: how often, and the first of it. */
  text: string;
};

/** A warning in its words, with what it is about. */
export function warning(kind: WarningKind, sample = ''): AnswerWarning {
  return { kind, text: sample === '' ? WARNINGS[kind] : `${WARNINGS[kind]}: ${snippetOf(sample)}` };
}

/** What looked wrong in one answer: the first of each kind, then a count. */
export class AnswerWarnings {
  readonly #kinds = new Map<WarningKind, { sample: string; count: number }>();

  add(kind: WarningKind, sample = ''): void {
    const known = this.#kinds.get(kind);
    if (known === undefined) this.#kinds.set(kind, { sample: snippetOf(sample), count: 1 });
    else known.count += 1;
  }

  list(): AnswerWarning[] {
    return [...this.#kinds].map(([kind, { sample, count }]) => {
      const times = count === 1 ? '' : ` (${count} times)`;
      return { kind, text: `${WARNINGS[kind]}${times}${sample === '' ? '' : `: ${sample}`}` };
    });
  }
}
