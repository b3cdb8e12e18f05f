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
