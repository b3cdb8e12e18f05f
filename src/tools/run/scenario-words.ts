/** What each scenario is for, in a line of help. */
export const SCENARIO_WORDS: ReadonlyMap<string, string> = new Map([
  ['smoke', 'five requests: does it work at all'],
  ['baseline', 'users come, stay and leave: how fast is it at the load we expect'],
  ['spike', 'a sudden peak: what does it do, how long until it recovers'],
  ['stress', 'a rising rate: what happens when demand outgrows it'],
  ['suite', 'baseline, spike and stress in one run'],
  ['soak', 'an hour of steady load: does it drift or leak'],
  ['breakpoint', 'steps until one breaks: where is the limit'],
  ['ab', 'each prompt to every provider of LLM_PROVIDERS: which is better (k6-llm ab)'],
  ['mixed', 'three kinds of tasks: how do they share it'],
]);
