import type { ProviderName } from './providers.ts';

/**
 * Where the facts of a preset stand, and the month they were read in; null for what is our own or anybody's. Apart from the
 * presets, since no run needs it.
 */
export const PROVIDER_SOURCES: Readonly<Record<ProviderName, string | null>> = {
  mock: null,
  holysheep: 'holysheep.ai, 2026-11',
  openai: 'platform.openai.com/docs/api-reference, 2026-11',
  azure: 'learn.microsoft.com/azure/ai-foundry/openai/reference, 2026-11',
  anthropic: 'docs.anthropic.com/en/api, 2026-11',
  gemini: 'ai.google.dev/gemini-api/docs/openai, 2026-11',
  bedrock: 'docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-openai.html, 2026-11',
  deepseek: 'api-docs.deepseek.com, 2026-11',
  openrouter: 'openrouter.ai/docs, 2026-11',
  groq: 'github.com/groq/groq-python (written from its API description), 2026-11',
  mistral:
    'docs.mistral.ai/api; refusals: github.com/dnakov/anon-kode/issues/53 and editor-code-assistant/eca/issues/231, 2026-11',
  together: 'docs.together.ai/docs/inference/openai-compatibility, 2026-11',
  fireworks: 'docs.fireworks.ai/guides/querying-text-models, 2026-11',
  xai: 'docs.x.ai/developers/introduction.md; limit: hexdocs.pm/req_llm (guides/providers/xai), 2026-11',
  dashscope: 'help.aliyun.com (OpenAI Chat); abroad: api.koog.ai (DashscopeLLMClient), 2026-11',
  vllm: 'docs.vllm.ai, 2026-11',
  sglang: 'docs.sglang.io/docs/basic_usage, 2026-11',
  tgi: 'huggingface.co/docs/text-generation-inference/messages_api, 2026-11',
  llamacpp: 'mintlify.com/ggml-org/llama.cpp/inference/server, 2026-11',
  lmstudio: 'lmstudio.ai/docs/api/openai-api, 2026-11',
  ollama: 'docs.ollama.com/api/openai-compatibility, 2026-11',
  custom: null,
};
