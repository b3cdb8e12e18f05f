import type { RequestFields } from '../../../lib/kinds/mock/mock-part.ts';
import { isRecord } from '../../../lib/parse/json.ts';

/** The tool that a request demands a call of: the one it names, or the first of those that it may choose from. */
export function forcedToolOf(fields: RequestFields): string | null {
  const choice = fields['tool_choice'];
  // OpenAI's name before there were tools.
  if (choice === undefined) return toolNameOf(fields['function_call']);
  if (choice === 'required') return toolNameOf(firstIn(fields['tools']));
  if (!isRecord(choice)) return null;
  if (choice['type'] === 'any') return toolNameOf(firstIn(fields['tools']));
  if (choice['type'] !== 'allowed_tools') return toolNameOf(choice);
  // OpenAI's shorter list: chat has it in a field of its own, Responses flat.
  const inner = choice['allowed_tools'];
  const { mode, tools } = isRecord(inner) ? inner : choice;
  return mode === 'required' ? toolNameOf(firstIn(tools)) : null;
}

/** The schema of a tool's input, as its kind has it; null: it says none. */
export function toolSchema(tools: unknown, name: string): Record<string, unknown> | null {
  const found: unknown = Array.isArray(tools) ? tools.find((tool) => toolNameOf(tool) === name) : null;
  if (!isRecord(found)) return null;
  const own = isRecord(found['function']) ? found['function'] : found;
  const schema = own['parameters'] ?? own['input_schema'];
  const hasFields = isRecord(schema) && isRecord(schema['properties']);
  return hasFields && Object.keys(schema['properties'] ?? {}).length > 0 ? schema : null;
}

function firstIn(tools: unknown): unknown {
  return Array.isArray(tools) ? tools[0] : null;
}

/** OpenAI: `{function: {name}}`; Anthropic and the Responses API: `{name}`. Only a plain name may go into an answer as it is. */
function toolNameOf(tool: unknown): string | null {
  if (!isRecord(tool)) return null;
  const inner = tool['function'];
  const name = isRecord(inner) ? inner['name'] : tool['name'];
  return typeof name === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(name) ? name : null;
}
