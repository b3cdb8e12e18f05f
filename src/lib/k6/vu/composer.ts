import type { VuSettings } from '../../settings/settings.ts';
import type { Kind } from '../../kinds/kind.ts';
import type { KindName } from '../../kinds/kinds.ts';
import type { Message } from '../../request/message.ts';
import {
  type Adaptation,
  buildBody,
  NO_ADAPTATION,
  type PayloadTemplate,
  payloadTemplate,
} from '../../request/build-body.ts';
import type { Wants } from './transports/transport.ts';
import { kindFor } from './kind-for.ts';
import { ownValue } from '../../parse/own-value.ts';

/** What one request asks, whoever carries it. */
export type Ask = {
  kind: KindName;
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
export type Composed = Wants & {
  kind: Kind;
  model: string;
  body: string;
};

/**
 * Writes the bodies of requests to one provider. Their fixed parts, and messages used again, are serialised once.
 *
 * @param adaptations what preflight found out, by model.
 */
export function createComposer(
  settings: VuSettings,
  adaptations: Readonly<Record<string, Adaptation>>,
): (ask: Ask) => Composed {
  const writers = new Map<KindName, Writer>();
  return (ask) => {
    let writer = writers.get(ask.kind);
    if (writer === undefined) {
      writer = createWriter(kindFor(ask.kind), settings, adaptations);
      writers.set(ask.kind, writer);
    }
    return writer(ask);
  };
}

type Writer = (ask: Ask) => Composed;

/** Writes the bodies of one kind of request. */
function createWriter(
  kind: Kind,
  { provider, extraBody, tokenParam }: VuSettings,
  adaptations: Readonly<Record<string, Adaptation>>,
): Writer {
  const templates = new Map<string, PayloadTemplate>();
  const templateOf = (model: string, stream: boolean, temperature: number | null): PayloadTemplate => {
    const key = `${model} ${stream ? 1 : 0} ${temperature ?? ''}`;
    const known = templates.get(key);
    if (known !== undefined) return known;
    const adaptation = ownValue(adaptations, model) ?? NO_ADAPTATION;
    const options = { kind, provider, stream, tokenParam, temperature, extraBody };
    const made = payloadTemplate(model, options, adaptation);
    templates.set(key, made);
    return made;
  };
  const encode = createEncoder(kind);
  return (ask) => {
    const { model, wantsText } = ask;
    const stream = ask.stream && kind.answers === 'text';
    const template = templateOf(model, stream, ask.temperature);
    return { kind, model, stream, wantsText, body: buildBody(template, encode(ask.messages), ask) };
  };
}

/** Keeps the JSON of lists of messages that come again: built-in prompts are few, and lists are never changed. */
function createEncoder({ encode }: Kind): (messages: readonly Message[]) => string {
  const encoded = new WeakMap<readonly Message[], string>();
  return (messages) => {
    const known = encoded.get(messages);
    if (known !== undefined) return known;
    const made = encode(messages);
    encoded.set(messages, made);
    return made;
  };
}
