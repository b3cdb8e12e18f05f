import type { Kind } from '../../src/lib/kinds/kind.ts';
import { buildBody, payloadTemplate } from '../../src/lib/request/build-body.ts';
import { PROVIDERS } from '../../src/lib/request/providers.ts';

/** A request of a kind as our own composer writes it for the mock: texts of a user, or what is to be embedded or ranked. */
export function bodyOfKind(
  kind: Kind,
  asked: {
    texts: readonly string[];
    model: string;
    stream: boolean;
    maxTokens: number;
    extraBody?: Readonly<Record<string, unknown>>;
  },
): string {
  const { texts, model, stream, maxTokens, extraBody = {} } = asked;
  const options = {
    kind,
    provider: PROVIDERS.mock,
    stream,
    tokenParam: null,
    temperature: null,
    extraBody,
  };
  const messages = texts.map((content) => ({ role: 'user' as const, content }));
  const template = payloadTemplate(model, options);
  return buildBody(template, kind.encode(messages), { maxTokens, exactLength: false });
}
