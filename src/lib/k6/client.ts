import {
  type Message,
  NO_ADAPTATION,
  type Adaptation,
  buildBody,
  encodeMessages,
  payloadTemplate,
  type PayloadTemplate,
} from '../payload.ts';
import { authHeaders } from '../providers.ts';
import type { VuSettings } from '../config/settings.ts';
import type { Clock } from './clock.ts';
import { answers, meterTransport } from './lazy.ts';
import { createHttpTransport } from './transports/http.ts';
import type { Answer, Target, Transport } from './transports/transport.ts';

/** What one request asks, whoever carries it. */
export type Ask = {
  model: string;
  messages: readonly Message[];
  maxTokens: number;
  /** The answer is to be exactly as long as its limit, where the server can be told so. */
  exactLength: boolean;
  stream: boolean;
  temperature: number | null;
  wantsText: boolean;
};

/** Sends requests to one provider. */
export type Client = {
  /** The tag `provider`. */
  provider: string;
  send: (ask: Ask) => Answer;
};

export type ClientOptions = {
  settings: VuSettings;
  apiKey: string | null;
  clock: Clock;
  tag: Target['tag'];
  /** What preflight found out, by model. */
  adaptations: Readonly<Record<string, Adaptation>>;
};

/** A client for the run's own target. The bodies' fixed parts, and messages used again, are serialised once. */
export function createClient(options: ClientOptions): Client {
  const { settings, adaptations } = options;
  const { provider, extraBody, tokenParam } = settings;
  const transport = createTransport(options);
  const templates = new Map<string, PayloadTemplate>();
  const templateOf = ({ model, stream, temperature }: Ask): PayloadTemplate => {
    const key = `${model} ${stream ? 1 : 0} ${temperature ?? ''}`;
    const known = templates.get(key);
    if (known !== undefined) return known;
    const adaptation = adaptations[model] ?? NO_ADAPTATION;
    const made = payloadTemplate(
      model,
      { wire: provider.wire, stream, tokenParam, temperature, extraBody },
      adaptation,
    );
    templates.set(key, made);
    return made;
  };
  const encode = createEncoder(provider.wire);
  return {
    provider: provider.name,
    send: (ask) => {
      const answer = transport(buildBody(templateOf(ask), encode(ask.messages), ask), ask);
      return answer.attempt.outcome.kind === 'ok' ? answer : concealed(answer, options);
    },
  };
}

/** A failure in words that may be shown. */
function concealed(answer: Answer, { settings, apiKey }: ClientOptions): Answer {
  const { secretsIn, secretPartsOf, withoutSecrets } = answers();
  const { extraHeaders, endpoints } = settings;
  const secrets = secretsIn([
    apiKey ?? '',
    ...Object.values(extraHeaders),
    ...secretPartsOf(endpoints.chatUrl),
  ]);
  return withoutSecrets(answer, secrets);
}

/** Keeps the JSON of lists of messages that come again: built-in prompts are few, and lists are never changed. */
function createEncoder(wire: VuSettings['provider']['wire']): (messages: readonly Message[]) => string {
  const encoded = new WeakMap<readonly Message[], string>();
  return (messages) => {
    const known = encoded.get(messages);
    if (known !== undefined) return known;
    const made = encodeMessages(wire, messages);
    encoded.set(messages, made);
    return made;
  };
}

function createTransport({ settings, apiKey, clock, tag }: ClientOptions): Transport {
  const { provider, endpoints, extraHeaders, timeoutMs, transport } = settings;
  const target: Target = {
    name: provider.name,
    url: endpoints.chatUrl,
    wire: provider.wire,
    headers: {
      'content-type': 'application/json',
      ...provider.headers,
      ...authHeaders(provider, apiKey),
      ...extraHeaders,
    },
    timeoutMs,
    tag,
    wantsGaps: settings.recordsGaps,
  };
  switch (transport) {
    case 'http':
      return createHttpTransport(target, clock);
    case 'sse':
      return answers().createSseTransport(target, clock);
    case 'meter':
      // The key stays in the meter's own memory: the script needs none.
      return meterTransport().createMeterTransport(
        {
          ...target,
          url: `${settings.meterUrl ?? ''}/v1/${provider.wire === 'anthropic' ? 'messages' : 'chat/completions'}`,
          headers: { 'content-type': 'application/json', ...extraHeaders },
        },
        clock,
      );
  }
}
