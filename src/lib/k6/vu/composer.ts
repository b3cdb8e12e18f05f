import type { VuSettings } from '../../settings/settings.ts';
import {
  type Adaptation,
  buildBody,
  encodeMessages,
  type Message,
  NO_ADAPTATION,
  type PayloadTemplate,
  payloadTemplate,
} from '../../request/build-body.ts';
import type { Wants } from './transports/transport.ts';
import { ownValue } from '../../parse/own-value.ts';

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

/** A request ready to be sent, as often as it takes. */
export type Composed = Wants & { model: string; body: string };

/**
 * Writes the bodies of requests to one provider. Their fixed parts, and messages used again, are serialised once.
 *
 * @param adaptations what preflight found out, by model.
 */
export function createComposer(
  { provider, extraBody, tokenParam }: VuSettings,
  adaptations: Readonly<Record<string, Adaptation>>,
): (ask: Ask) => Composed {
  const templates = new Map<string, PayloadTemplate>();
  const templateOf = ({ model, stream, temperature }: Ask): PayloadTemplate => {
    const key = `${model} ${stream ? 1 : 0} ${temperature ?? ''}`;
    const known = templates.get(key);
    if (known !== undefined) return known;
    const adaptation = ownValue(adaptations, model) ?? NO_ADAPTATION;
    const made = payloadTemplate(model, { provider, stream, tokenParam, temperature, extraBody }, adaptation);
    templates.set(key, made);
    return made;
  };
  const encode = createEncoder(provider.wire);
  return (ask) => ({
    model: ask.model,
    stream: ask.stream,
    wantsText: ask.wantsText,
    body: buildBody(templateOf(ask), encode(ask.messages), ask),
  });
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
