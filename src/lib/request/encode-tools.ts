import type { KindName } from '../kinds/kinds.ts';

/** A function that the model may call, as OpenAI's chat API spells it. */
export type Tool = {
  type: 'function';
  function: {
    name: string;
    description?: string;
    /** A JSON schema. */
    parameters?: Readonly<Record<string, unknown>>;
  };
};

/** The field `tools` as a kind of request spells it. */
export function encodeTools(kind: KindName, tools: readonly Tool[]): readonly unknown[] {
  switch (kind) {
    case 'messages':
      return tools.map(({ function: { name, description, parameters = { type: 'object' } } }) => ({
        name,
        ...(description === undefined ? {} : { description }),
        input_schema: parameters,
      }));
    case 'responses':
      return tools.map(({ type, function: called }) => ({ type, ...called }));
    default:
      return tools;
  }
}
