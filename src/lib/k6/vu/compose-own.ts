import type { KindName } from '../../kinds/kinds.ts';
import type { Message } from '../../request/message.ts';
import type { Tool } from '../../request/tool.ts';
import type { Composed } from './composer.ts';
import { kindFor } from './kind-for.ts';
import type { Vu } from './vu.ts';

/** A question of the scenario's own; what it leaves out is as the run's settings say. */
export type OwnQuestion = {
  /** @default what the mix, the part or `LLM_KIND` says */
  kind?: KindName;
  model?: string;
  messages: readonly Message[];
  maxTokens?: number;
  temperature?: number | null;
  stream?: boolean;
  /** What the model may call, as OpenAI spells it; Anthropic's spelling is made from it. */
  tools?: readonly Tool[];
  /** Further fields of the request's body, as the server spells them. */
  body?: Readonly<Record<string, unknown>>;
};

/** Makes it ready to be sent. */
export function composeOwn(vu: Vu, question: OwnQuestion): Composed {
  const { settings } = vu.run;
  const { tools, body, kind = vu.kind } = question;
  const extra = tools === undefined ? body : { ...body, tools: kindFor(kind).encodeTools(tools) };
  return vu.compose({
    kind,
    model: question.model ?? vu.model,
    messages: question.messages,
    maxTokens: question.maxTokens ?? settings.maxTokens,
    exactLength: false,
    stream: question.stream ?? settings.stream,
    temperature: question.temperature ?? settings.temperature,
    wantsText: vu.wantsText,
    ...(extra === undefined ? {} : { extra }),
  });
}
