import { KIND_NAMES, type KindName } from '../kinds/kinds.ts';

/** The names under which servers take the limit of output tokens. */
export type TokenParam = 'max_tokens' | 'max_completion_tokens';

/** Fields that we send by ourselves and that a server may refuse. */
export type RefusedField = 'stream_options' | 'temperature';

/** What a provider preset sets. */
export type Provider = {
  /** The preset's own name, and the tag `provider`. */
  name: string;
  /** null: the user must give `LLM_BASE_URL`. */
  baseUrl: string | null;
  /** What a user's own `LLM_BASE_URL` looks like, for messages. */
  exampleUrl: string;
  /** Where its API begins under an address that says no version. */
  rootPath: 'v1' | 'openai/v1';
  /** The query of an address with one deployment in its path (`/deployments/NAME`), where it has none; null: none is wanted. */
  deploymentQuery: string | null;
  /** The key's own variable, read when `LLM_API_KEY` is empty; null when there is none. */
  keyVariable: string | null;
  /** A hosted API that answers nobody without a key. */
  needsKey: boolean;
  /** The kinds of requests that it takes, where it is known to take some and not others; the first is the default. */
  kinds: readonly KindName[];
  authHeader: 'authorization' | 'x-api-key' | 'api-key';
  /** Headers that the wire demands. */
  headers: Readonly<Record<string, string>>;
  /** The name of its token limit, for all its models; null: the one that the model's own name suggests. */
  tokenParam: TokenParam | null;
  /** Never sent: it refuses them. Where that is `stream_options`, its streams tell usage unasked. */
  refusedFields: readonly RefusedField[];
  /** It takes `min_tokens` and `ignore_eos`; others are told through `LLM_EXTRA_BODY`, if they have a way. */
  takesExactLength: boolean;
  /** What starts it here; null for what is started elsewhere. */
  startCommand: string | null;
};

const OPENAI_LIKE = {
  exampleUrl: 'http://127.0.0.1:8000/v1',
  rootPath: 'v1',
  deploymentQuery: null,
  kinds: KIND_NAMES,
  authHeader: 'authorization',
  headers: {},
  tokenParam: null,
  refusedFields: [],
  takesExactLength: false,
  startCommand: null,
} as const;

function hosted(name: string, baseUrl: string, kinds: readonly KindName[] = KIND_NAMES): Provider {
  const keyVariable = `${name.toUpperCase()}_API_KEY`;
  return { ...OPENAI_LIKE, name, baseUrl, keyVariable, needsKey: true, kinds };
}

function selfHosted(name: string, baseUrl: string | null, kinds: readonly KindName[] = KIND_NAMES): Provider {
  return { ...OPENAI_LIKE, name, baseUrl, keyVariable: null, needsKey: false, kinds };
}

/** What OpenAI itself takes. */
const OPENAI_KINDS: readonly KindName[] = ['chat', 'completions', 'responses', 'embeddings'];

/** The presets: whatever the toolkit knows of a provider stands here, and where that is written in provider-sources.ts. */
export const PROVIDERS = {
  mock: {
    ...selfHosted('mock', 'http://127.0.0.1:8787/v1'),
    takesExactLength: true,
    startCommand: 'npx k6-llm mock',
  },
  holysheep: hosted('holysheep', 'https://api.holysheep.ai/v1'),
  openai: hosted('openai', 'https://api.openai.com/v1', OPENAI_KINDS),
  azure: {
    ...hosted('azure', '', OPENAI_KINDS),
    baseUrl: null,
    exampleUrl: 'https://MY-RESOURCE.openai.azure.com',
    rootPath: 'openai/v1',
    // The last dated version that is no preview; the path openai/v1 wants none.
    deploymentQuery: 'api-version=2024-10-21',
    keyVariable: 'AZURE_OPENAI_API_KEY',
    authHeader: 'api-key',
  },
  anthropic: {
    ...hosted('anthropic', 'https://api.anthropic.com/v1'),
    kinds: ['messages'],
    authHeader: 'x-api-key',
    headers: { 'anthropic-version': '2023-06-01' },
  },
  gemini: hosted('gemini', 'https://generativelanguage.googleapis.com/v1beta/openai', ['chat', 'embeddings']),
  bedrock: {
    ...hosted('bedrock', '', ['chat', 'responses']),
    baseUrl: null,
    exampleUrl: 'https://bedrock-runtime.us-west-2.amazonaws.com/openai/v1',
    rootPath: 'openai/v1',
    keyVariable: 'AWS_BEARER_TOKEN_BEDROCK',
    tokenParam: 'max_completion_tokens',
  },
  // Its completions stand under /beta alone, its messages under /anthropic.
  deepseek: hosted('deepseek', 'https://api.deepseek.com/v1', ['chat']),
  openrouter: hosted('openrouter', 'https://openrouter.ai/api/v1', [
    'chat',
    'completions',
    'responses',
    'messages',
    'embeddings',
    'rerank',
  ]),
  groq: {
    ...hosted('groq', 'https://api.groq.com/openai/v1', ['chat', 'responses']),
    tokenParam: 'max_completion_tokens',
  },
  mistral: {
    // Any other name of the limit, and stream_options, end as 422 extra_forbidden.
    ...hosted('mistral', 'https://api.mistral.ai/v1', ['chat', 'embeddings']),
    tokenParam: 'max_tokens',
    refusedFields: ['stream_options'],
  },
  together: {
    ...hosted('together', 'https://api.together.ai/v1', ['chat', 'completions', 'embeddings', 'rerank']),
    tokenParam: 'max_tokens',
  },
  fireworks: {
    ...hosted('fireworks', 'https://api.fireworks.ai/inference/v1'),
    tokenParam: 'max_tokens',
  },
  xai: {
    ...hosted('xai', 'https://api.x.ai/v1', ['chat', 'completions', 'responses', 'messages']),
    tokenParam: 'max_completion_tokens',
  },
  dashscope: {
    // Its Responses API has an address of its own (api/v2/apps/protocols/compatible-mode/v1).
    ...hosted('dashscope', 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1', [
      'chat',
      'completions',
      'embeddings',
    ]),
    tokenParam: 'max_tokens',
  },
  vllm: {
    ...selfHosted('vllm', 'http://127.0.0.1:8000/v1'),
    keyVariable: 'VLLM_API_KEY',
    takesExactLength: true,
  },
  sglang: {
    ...selfHosted('sglang', 'http://127.0.0.1:30000/v1'),
    takesExactLength: true,
  },
  tgi: {
    ...selfHosted('tgi', 'http://127.0.0.1:3000/v1', ['chat', 'completions']),
    tokenParam: 'max_tokens',
  },
  llamacpp: {
    ...selfHosted('llamacpp', 'http://127.0.0.1:8080/v1'),
    keyVariable: 'LLAMA_API_KEY',
    tokenParam: 'max_tokens',
  },
  lmstudio: {
    ...selfHosted('lmstudio', 'http://127.0.0.1:1234/v1', [
      'chat',
      'completions',
      'responses',
      'messages',
      'embeddings',
    ]),
    tokenParam: 'max_tokens',
  },
  ollama: selfHosted('ollama', 'http://127.0.0.1:11434/v1', [
    'chat',
    'completions',
    'responses',
    'messages',
    'embeddings',
  ]),
  custom: selfHosted('custom', null),
} as const satisfies Readonly<Record<string, Provider>>;

export type ProviderName = keyof typeof PROVIDERS;

export const PROVIDER_NAMES = Object.keys(PROVIDERS) as readonly ProviderName[];

/** The preset where neither a preset nor an address is set, and where an address alone is. */
export const PRESET_OF_NONE: ProviderName = 'mock';
export const PRESET_OF_OWN_URL: ProviderName = 'custom';
