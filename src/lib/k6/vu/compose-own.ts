import type { OwnQuestion } from '../scenario-user.ts';
import type { Composed } from './composer.ts';
import { kindFor } from './kind-for.ts';
import type { Vu } from './vu.ts';

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
