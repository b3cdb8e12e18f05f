/** What would show a limit that cannot be told, in words of the command that was given. */
export type LimitAdvice = {
  /** Who cannot tell: `the run`. */
  who: string;
  /** A lower load. */
  slower: string;
  /** A higher one. */
  busier: string;
  /** More requests of the same load. */
  longer: string;
};

export const RUN_ADVICE: LimitAdvice = {
  who: 'the run',
  slower: 'begin slower (stress, or a lower LLM_RATE)',
  busier: 'raise LLM_RATE or LLM_VUS, or run breakpoint,',
  longer: 'run longer',
};

/** A search sets each step's load itself. */
export const SEARCH_ADVICE: LimitAdvice = {
  who: 'the search',
  slower: 'begin with a lower --min',
  busier: 'ask for a higher --max, or a wider --slo,',
  longer: 'ask for a longer --hold',
};
