/** How requests and answers look: OpenAI's chat completions, or Anthropic's messages. */
export type Wire = 'openai' | 'anthropic';

/** What a provider preset sets. */
export type Provider = {
  name: ProviderName;
  /** null: the user must give `LLM_BASE_URL`. */
  baseUrl: string | null;
  /** The key's own variable, read when `LLM_API_KEY` is empty; null when there is none. */
  keyVariable: string | null;
  /** A hosted API that answers nobody without a key. */
  needsKey: boolean;
  wire: Wire;
  authHeader: 'authorization' | 'x-api-key';
  /** Headers that the wire demands. */
  headers: Readonly<Record<string, string>>;
};

export const PROVIDER_NAMES = [
  'mock',
  'holysheep',
  'openai',
  'deepseek',
  'openrouter',
  'vllm',
  'ollama',
  'anthropic',
  'custom',
] as const;

export type ProviderName = (typeof PROVIDER_NAMES)[number];

const OPENAI_LIKE = { wire: 'openai', authHeader: 'authorization', headers: {} } as const;

function hosted(name: ProviderName, baseUrl: string): Provider {
  return { ...OPENAI_LIKE, name, baseUrl, keyVariable: `${name.toUpperCase()}_API_KEY`, needsKey: true };
}

function selfHosted(name: ProviderName, baseUrl: string | null): Provider {
  return { ...OPENAI_LIKE, name, baseUrl, keyVariable: null, needsKey: false };
}

/** Base URLs as the providers' own documentation gives them (2026-11). */
export const PROVIDERS: Readonly<Record<ProviderName, Provider>> = {
  mock: selfHosted('mock', 'http://127.0.0.1:8787/v1'),
  holysheep: hosted('holysheep', 'https://api.holysheep.ai/v1'),
  openai: hosted('openai', 'https://api.openai.com/v1'),
  deepseek: hosted('deepseek', 'https://api.deepseek.com/v1'),
  openrouter: hosted('openrouter', 'https://openrouter.ai/api/v1'),
  vllm: { ...selfHosted('vllm', 'http://127.0.0.1:8000/v1'), keyVariable: 'VLLM_API_KEY' },
  ollama: selfHosted('ollama', 'http://127.0.0.1:11434/v1'),
  anthropic: {
    ...hosted('anthropic', 'https://api.anthropic.com/v1'),
    wire: 'anthropic',
    authHeader: 'x-api-key',
    headers: { 'anthropic-version': '2023-06-01' },
  },
  custom: selfHosted('custom', null),
};

/** The path of a chat request under the base URL. */
export function chatPath(wire: Wire): string {
  return wire === 'anthropic' ? 'messages' : 'chat/completions';
}
