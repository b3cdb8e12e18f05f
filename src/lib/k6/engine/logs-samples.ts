/** The launcher asks for one line a request, through k6's console (docs/decisions/0050-samples.md). */
export const LOGS_SAMPLES = __ENV['LLM_SAMPLES'] === '1';
