/** How requests and answers look: OpenAI's chat completions, or Anthropic's messages. */
export type Wire = 'openai' | 'anthropic';

/** What a provider preset sets. */
export type Provider = {
  /** The preset's own name, and the tag `provider`. */
  name: string;
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
  /** It takes `min_tokens` and `ignore_eos`; others are told through `LLM_EXTRA_BODY`, if they have a way. */
  takesExactLength: boolean;
  /** What starts it here; null for what is started elsewhere. */
  startCommand: string | null;
};

const OPENAI_LIKE = {
  wire: 'openai',
  authHeader: 'authorization',
  headers: {},
  takesExactLength: false,
  startCommand: null,
} as const;

function hosted(name: string, baseUrl: string): Provider {
  return { ...OPENAI_LIKE, name, baseUrl, keyVariable: `${name.toUpperCase()}_API_KEY`, needsKey: true };
}

function selfHosted(name: string, baseUrl: string | null): Provider {
  return { ...OPENAI_LIKE, name, baseUrl, keyVariable: null, needsKey: false };
}

/**
 * The presets: whatever the toolkit knows of a provider stands here, and nowhere else. Base URLs as the providers' own
 * documentation gives them (2026-11).
 */
export const PROVIDERS = {
  mock: {
    ...selfHosted('mock', 'http://127.0.0.1:8787/v1'),
    takesExactLength: true,
    startCommand: 'npx k6-llm mock',
  },
  holysheep: hosted('holysheep', 'https://api.holysheep.ai/v1'),
  openai: hosted('openai', 'https://api.openai.com/v1'),
  deepseek: hosted('deepseek', 'https://api.deepseek.com/v1'),
  openrouter: hosted('openrouter', 'https://openrouter.ai/api/v1'),
  vllm: {
    ...selfHosted('vllm', 'http://127.0.0.1:8000/v1'),
    keyVariable: 'VLLM_API_KEY',
    takesExactLength: true,
  },
  ollama: selfHosted('ollama', 'http://127.0.0.1:11434/v1'),
  anthropic: {
    ...hosted('anthropic', 'https://api.anthropic.com/v1'),
    wire: 'anthropic',
    authHeader: 'x-api-key',
    headers: { 'anthropic-version': '2023-06-01' },
  },
  custom: selfHosted('custom', null),
} as const satisfies Readonly<Record<string, Provider>>;

export type ProviderName = keyof typeof PROVIDERS;

export const PROVIDER_NAMES = Object.keys(PROVIDERS) as readonly ProviderName[];

/** The preset where neither a preset nor an address is set, and where an address alone is. */
export const PRESET_OF_NONE: ProviderName = 'mock';
export const PRESET_OF_OWN_URL: ProviderName = 'custom';
