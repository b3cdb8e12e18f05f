// Runs that cannot go well: what our run makes of it.
import { equal, says } from './compare.mjs';

const EXIT_ABORTED = 108;
const WRONG_MODEL = 'no-such-model';

export const BAD_RUNS = [
  { name: 'wrong key', scenario: 'smoke', stream: false, env: { LLM_API_KEY: 'sk-wrong' }, check: checkKey },
  { name: 'wrong model', scenario: 'smoke', stream: false, env: { LLM_MIX: WRONG_MODEL }, check: checkModel },
  {
    name: 'prompts of 4,000 tokens',
    scenario: 'smoke',
    stream: true,
    env: { LLM_INPUT_TOKENS: '4000' },
    check: checkLength,
  },
];

function checkKey(server, { exitCode, output }) {
  if (server.key === null) return [equal('exit code (it asks for no key)', exitCode, 0)];
  return [
    equal('exit code', exitCode, EXIT_ABORTED),
    says('names the key', output, /the key was refused.*|refused the key.*/i),
  ];
}

function checkModel(server, { exitCode, output }) {
  if (server.wrongModel === 'refused') {
    return [
      equal('exit code', exitCode, EXIT_ABORTED),
      says('names the model', output, new RegExp(`.*not serve ${WRONG_MODEL}.*`)),
    ];
  }
  if (server.wrongModel === 'echoed') {
    return [equal('exit code (it answers under any name as under that one)', exitCode, 0)];
  }
  return [says('asked and answered names', output, new RegExp(`asked ${WRONG_MODEL}, answered .*`))];
}

function checkLength(server, { exitCode, output, summary }) {
  const { totals } = summary ?? { totals: null };
  if (server.maxPromptTokens === null) {
    return [
      equal('exit code (it takes any length)', exitCode, 0),
      equal('failed', totals?.failed ?? null, 0),
    ];
  }
  return [
    equal('exit code', exitCode, EXIT_ABORTED),
    says('names the length', output, /the prompt is longer than .*?\)/),
  ];
}
