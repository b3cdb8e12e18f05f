import { type JsonRecord, isRecord, parseJson } from '../../lib/parse/json.ts';
import { estimateTokens } from '../../lib/prompts/estimate-tokens.ts';
import { writeShape } from '../../lib/prompts/session/sized-text.ts';
import type { TextTree } from './text-tree.ts';

const ROLES = ['system', 'developer', 'user', 'assistant', 'tool', 'function'];
/** What a word of a closed list may be; whatever else stands there is somebody's text. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  reasoning_effort: ['none', 'minimal', 'low', 'medium', 'high', 'xhigh'],
  tool_choice: ['auto', 'none', 'required'],
};

/** Parts of Responses that are texts. */
const TEXT_TYPES = ['input_text', 'output_text'];

/** Takes texts out of what passes, and leaves their lengths and what they share. Names of tools and calls become numbers. */
export class ContentRemover {
  readonly #tree: TextTree;
  readonly #tools = new Map<string, string>();
  readonly #calls = new Map<string, string>();
  /** Pictures and other parts that are no text: left out. */
  otherParts = 0;

  constructor(tree: TextTree) {
    this.#tree = tree;
  }

  /** @param tokenRatio what estimated tokens are multiplied by, so that they come to what the server counted. */
  message(message: JsonRecord, tokenRatio: number): JsonRecord {
    const { type, role, content, tool_calls: calls, tool_call_id: callId } = message;
    if (typeof role !== 'string' && typeof type === 'string') return this.#item(type, message, tokenRatio);
    return {
      ...(type === 'instructions' ? { type } : {}),
      role: ROLES.find((known) => known === role) ?? 'user',
      ...(content === undefined ? {} : { content: this.#content(content, tokenRatio) }),
      ...(Array.isArray(calls) ? { tool_calls: calls.map((call) => this.#call(call, tokenRatio)) } : {}),
      ...(callId === undefined ? {} : { tool_call_id: this.#callId(callId) }),
    };
  }

  /** An item of Responses that is no message. One that we do not know is one of the assistant's, as long as what it says. */
  #item(type: string, item: JsonRecord, tokenRatio: number): JsonRecord {
    const { call_id: callId, name, arguments: given, input, output, content, summary } = item;
    if (type.endsWith('tool_call_output') || type === 'function_call_output')
      return {
        type: 'function_call_output',
        call_id: this.#callId(callId),
        output: this.#content(output ?? '', tokenRatio),
      };
    if (type === 'function_call' || type === 'custom_tool_call') {
      const asked = [given, input].find((one) => typeof one === 'string') ?? '{}';
      return {
        type: 'function_call',
        call_id: this.#callId(callId),
        name: this.#toolName(name),
        arguments: this.#text(String(asked), tokenRatio, '$json'),
      };
    }
    const parts: unknown[] = [summary, content].flatMap((list: unknown) => (Array.isArray(list) ? list : []));
    const text = parts.map((part) => (isRecord(part) ? String(part['text'] ?? '') : '')).join('');
    if (text === '') this.otherParts += 1;
    return { role: 'assistant', content: this.#text(text === '' ? '…' : text, tokenRatio) };
  }

  /** Fields of a body beside its messages: numbers, switches, words of closed lists, and how long tools are. */
  fields(fields: JsonRecord, tokenRatio: number): JsonRecord {
    const kept = Object.entries(fields).flatMap(([name, value]): [string, unknown][] => {
      if (typeof value === 'number' || typeof value === 'boolean') return [[name, value]];
      const words = Object.hasOwn(WORDS, name) ? WORDS[name] : undefined;
      if (typeof value === 'string') return words?.includes(value) === true ? [[name, value]] : [];
      if (name === 'reasoning' && isRecord(value)) {
        const effort = WORDS['reasoning_effort']?.find((word) => word === value['effort']);
        return effort === undefined ? [] : [[name, { effort }]];
      }
      if (name === 'tools' && Array.isArray(value))
        return [[name, value.map((tool) => this.#tool(tool, tokenRatio))]];
      return [];
    });
    return Object.fromEntries(kept);
  }

  #text(text: string, tokenRatio: number, key: '$text' | '$json' | '$object' = '$text'): JsonRecord {
    const tokensOf = (stretch: string): number =>
      Math.max(1, Math.round(estimateTokens(stretch) * tokenRatio));
    return writeShape(key, this.#tree.partsOf(text, tokensOf));
  }

  #content(content: unknown, tokenRatio: number): unknown {
    if (typeof content === 'string') return this.#text(content, tokenRatio);
    if (!Array.isArray(content)) return content === null ? null : this.#text('', tokenRatio);
    const parts = content.flatMap((part: unknown) => this.#part(part, tokenRatio));
    return parts.length === 0 ? this.#text('…', tokenRatio) : parts;
  }

  #part(part: unknown, tokenRatio: number): JsonRecord[] {
    if (!isRecord(part)) return [];
    const { type, text, id, name, input, tool_use_id: used, content } = part;
    if (typeof text === 'string') {
      const known = TEXT_TYPES.find((one) => one === type) ?? 'text';
      return [{ type: known, text: this.#text(text, tokenRatio) }];
    }
    if (type === 'tool_use') {
      const made = this.#text(JSON.stringify(input ?? {}), tokenRatio, '$object');
      return [{ type, id: this.#callId(id), name: this.#toolName(name), input: made }];
    }
    if (type === 'tool_result')
      return [{ type, tool_use_id: this.#callId(used), content: this.#content(content ?? '', tokenRatio) }];
    this.otherParts += 1;
    return [];
  }

  #call(call: unknown, tokenRatio: number): JsonRecord {
    const { id, function: called }: JsonRecord = isRecord(call) ? call : {};
    const { name, arguments: given }: JsonRecord = isRecord(called) ? called : {};
    const made = this.#text(typeof given === 'string' ? given : '{}', tokenRatio, '$json');
    return {
      id: this.#callId(id),
      type: 'function',
      function: { name: this.#toolName(name), arguments: made },
    };
  }

  /** A tool of the same length: its name and its schema are texts too. */
  #tool(tool: unknown, tokenRatio: number): JsonRecord {
    const whole = JSON.stringify(tool) ?? '';
    const inner = isRecord(tool) ? tool['function'] : null;
    const isChat = isRecord(inner);
    const name = this.#toolName(isChat ? inner['name'] : isRecord(tool) ? tool['name'] : '');
    const isFlat = isRecord(tool) && tool['type'] === 'function';
    const parameters = { type: 'object' };
    const make = (description: unknown): JsonRecord =>
      isChat
        ? { type: 'function', function: { name, description, parameters } }
        : isFlat
          ? { type: 'function', name, description, parameters }
          : { name, description, input_schema: parameters };
    const room = whole.length - JSON.stringify(make('')).length;
    return make(this.#text(whole.slice(0, Math.max(0, room)), tokenRatio));
  }

  #toolName(name: unknown): string {
    return numbered(this.#tools, name, 'tool');
  }

  #callId(id: unknown): string {
    return numbered(this.#calls, id, 'call');
  }
}

function numbered(known: Map<string, string>, name: unknown, word: string): string {
  const text = typeof name === 'string' ? name : JSON.stringify(name ?? '');
  let made = known.get(text);
  if (made === undefined) known.set(text, (made = `${word}_${known.size + 1}`));
  return made;
}

/** What a tool was given, as an object: what a wire has as text of JSON. */
export function argumentsObject(text: string): unknown {
  return parseJson(text) ?? {};
}
