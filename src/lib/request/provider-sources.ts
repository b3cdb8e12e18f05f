import type { ProviderName } from './providers.ts';

/**
 * Where the facts of a preset stand, those of the kinds that it takes too, and the month they were read in; null for what is our own or anybody's. Apart from the
 * presets, since no run needs it.
 */
export const PROVIDER_SOURCES: Readonly<Record<ProviderName, string | null>> = {
  mock: null,
  holysheep: 'holysheep.ai, 2026-11',
  openai: 'platform.openai.com/docs/api-reference, 2026-11',
  azure: 'learn.microsoft.com/azure/ai-foundry/openai/reference, 2026-11',
  anthropic: 'docs.anthropic.com/en/api, 2026-11',
  gemini: 'ai.google.dev/gemini-api/docs/openai (chat/completions, embeddings), 2026-11',
  bedrock:
    'docs.aws.amazon.com/bedrock/latest/userguide: model-parameters-openai.html; kinds: inference-responses-api.html, inference-chat-completions.html, 2026-11',
  deepseek: 'api-docs.deepseek.com (completions: api/create-completion, under /beta), 2026-11',
  openrouter:
    'openrouter.ai/docs; kinds: client-sdks/typescript/models/endpoint.md, api/api-reference/rerank/create-rerank, 2026-11',
  groq: 'github.com/groq/groq-python (written from its API description); kinds: console.groq.com/docs/openai, 2026-11',
  mistral:
    'docs.mistral.ai/api (chat/completions, embeddings, fim/completions); refusals: github.com/dnakov/anon-kode/issues/53 and editor-code-assistant/eca/issues/231, 2026-11',
  together:
    'docs.together.ai/docs/inference/openai-compatibility; kinds: docs.together.ai/reference (chat, completion, embeddings, rerank), 2026-11',
  fireworks:
    'docs.fireworks.ai/guides/querying-text-models; kinds: guides/response-api, tools-sdks/anthropic-compatibility; rerank: reference.langchain.com/python/langchain-fireworks/rerank, 2026-11',
  xai: 'docs.x.ai/developers/introduction.md; completions and messages, both legacy: docs.x.ai/developers/rest-api-reference/inference/legacy; limit: hexdocs.pm/req_llm (guides/providers/xai), 2026-11',
  dashscope:
    'help.aliyun.com (OpenAI Chat); embeddings: help.aliyun.com/en/model-studio/embedding-interfaces-compatible-with-openai; Responses elsewhere: alibabacloud.com/help/en/model-studio/compatibility-with-openai-responses-api; abroad: api.koog.ai (DashscopeLLMClient), 2026-11',
  vllm: 'docs.vllm.ai/en/stable/serving/online_serving.html, 2026-11',
  sglang: 'docs.sglang.io/docs/basic_usage (openai_api_completions, anthropic_api), 2026-11',
  tgi: 'huggingface.co/docs/text-generation-inference/messages_api, 2026-11',
  llamacpp: 'github.com/ggml-org/llama.cpp: tools/server/README.md, 2026-11',
  lmstudio: 'lmstudio.ai/docs/api/openai-api; messages: lmstudio.ai/docs/api/rest-api, 2026-11',
  ollama: 'docs.ollama.com/api/openai-compatibility, docs.ollama.com/api/anthropic-compatibility, 2026-11',
  custom: null,
};
