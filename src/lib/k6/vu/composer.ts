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
import type { WantedJson } from '../../answer/invalid-output.ts';
import { answers } from '../parts.ts';
import type { Wants } from './transports/transport.ts';
import { kindFor } from './kind-for.ts';
import { isRecord } from '../../parse/json.ts';
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
  /** Fields of this request alone, over `LLM_EXTRA_BODY`; none when left out. */
  extra?: Readonly<Record<string, unknown>>;
  /** What is asked as fields of the body, in place of `messages`: a session's own. */
  encoded?: string;
};

/** A request ready to be sent, as often as it takes. */
export type Composed = Wants & {
  kind: Kind;
  model: string;
  body: string;
  /** The answer is to be JSON, as its fields say; null: any text will do. */
  json: WantedJson | null;
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
  const make = (
    { model, stream, temperature }: Pick<Ask, 'model' | 'stream' | 'temperature'>,
    extra: Ask['extra'] & object,
  ): PayloadTemplate => {
    const adaptation = ownValue(adaptations, model) ?? NO_ADAPTATION;
    const options = { kind, provider, stream, tokenParam, temperature, extraBody: extra };
    return payloadTemplate(model, options, adaptation);
  };
  const templateOf = (ask: Pick<Ask, 'model' | 'stream' | 'temperature' | 'extra'>): PayloadTemplate => {
    const { model, stream, temperature, extra } = ask;
    if (extra !== undefined) return make(ask, { ...extraBody, ...extra });
    const key = `${model} ${stream ? 1 : 0} ${temperature ?? ''}`;
    const known = templates.get(key);
    if (known !== undefined) return known;
    const made = make(ask, extraBody);
    templates.set(key, made);
    return made;
  };
  const encode = createEncoder(kind, extraBody);
  // Few requests bring fields, and only fields can ask for JSON.
  const jsonIn = (fields: VuSettings['extraBody']): WantedJson | null =>
    kind.answers === 'text' && Object.keys(fields).length > 0 ? answers().wantedJson(fields) : null;
  const jsonOfRun = jsonIn(extraBody);
  return (ask) => {
    const { model } = ask;
    const json = ask.extra === undefined ? jsonOfRun : jsonIn({ ...extraBody, ...ask.extra });
    const wantsText = ask.wantsText || json !== null;
    const stream = ask.stream && kind.answers === 'text';
    const template = templateOf(stream === ask.stream ? ask : { ...ask, stream });
    const asked = ask.encoded === undefined ? encode(ask.messages) : { fields: ask.encoded, items: null };
    const { fields } = asked;
    const items =
      ask.extra === undefined ? asked.items : itemsOf(kind, fields, { ...extraBody, ...ask.extra });
    return { kind, model, stream, wantsText, items, json, body: buildBody(template, fields, ask) };
  };
}

/** What is asked, as its kind writes it, and how many items the answer to it must hold. */
type Encoded = { fields: string; items: number | null };

/** More than there are built-in prompts. Lists that never come again are not kept for long. */
const MOST_ENCODED = 32;

/** Keeps the JSON of lists of messages that come again: built-in prompts are few, and lists are never changed. */
function createEncoder(
  kind: Kind,
  extraBody: VuSettings['extraBody'],
): (messages: readonly Message[]) => Encoded {
  // Not a WeakMap, which would be the only one in a VU: its prototype takes 5 kB.
  const encoded = new Map<readonly Message[], Encoded>();
  return (messages) => {
    const known = encoded.get(messages);
    if (known !== undefined) return known;
    const fields = kind.encode(messages);
    const made = { fields, items: itemsOf(kind, fields, extraBody) };
    if (encoded.size === MOST_ENCODED) encoded.clear();
    encoded.set(messages, made);
    return made;
  };
}

/** How many items the answer must hold, fields that take the place of ours looked into; null for text. */
function itemsOf({ countItems }: Kind, json: string, extra: VuSettings['extraBody']): number | null {
  return countItems === null ? null : countItems({ ...parsed(`{${json}}`), ...extra });
}

/** Our own JSON, read back. */
function parsed(json: string): object {
  const fields: unknown = JSON.parse(json);
  return isRecord(fields) ? fields : {};
}
