import { expect, test } from 'vitest';
import { inProviderFile } from './provider-words.ts';

test.each<[message: string, keyVariable: string | null, told: string]>([
  [
    'nothing answers at http://x/v1 (refused); is LLM_BASE_URL right, and the server up?',
    null,
    'nothing answers at http://x/v1 (refused); is its baseUrl in /$&.json right, and the server up?',
  ],
  [
    'start it with "ollama serve", or name a target: LLM_BASE_URL=http://127.0.0.1:8000/v1',
    null,
    'start it with "ollama serve", or name a target: "baseUrl":"http://127.0.0.1:8000/v1" in /$&.json',
  ],
  ['refused the key (HTTP 401); set LLM_API_KEY', 'OWN_KEY', 'refused the key (HTTP 401); set OWN_KEY'],
  ['refused; set LLM_API_KEY or OPENAI_API_KEY', 'OWN_KEY', 'refused; set OWN_KEY'],
  ['refused; set LLM_API_KEY or OPENAI_API_KEY', null, 'refused; set OPENAI_API_KEY'],
  ['refused; set LLM_API_KEY', null, 'refused; set the variable of its keyVariable in /$&.json'],
  [
    'the server does not serve m (404); set LLM_MIX',
    null,
    'the server does not serve m (404); set its model in /$&.json',
  ],
  ['LLM_TIMEOUT is long for so many models', null, 'LLM_TIMEOUT is long for so many models'],
])('%s', (message, keyVariable, told) => {
  expect(inProviderFile(message, { file: '/$&.json', keyVariable })).toBe(told);
});
