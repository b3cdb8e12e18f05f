import type { AskedAnswer } from '../../src/lib/kinds/chat/plain-answer.ts';
import { isRecord, parseJson } from '../../src/lib/parse/json.ts';

/**
 * An answer that can be asked for parts of its JSON as k6's can: the little of gjson's language that we speak, so that
 * tests without k6 read answers too. Half a character is none there. `test/k6/plain-answers.test.ts` holds it against k6's own.
 */
export function askedAnswer(body: string): AskedAnswer {
  const parsed = parseJson(body.replace(/\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])/g, '\\ufffd'));
  return { body, json: (query) => (parsed === undefined ? undefined : select(parsed, query)) };
}

/** Selects `a.b.@keys`, `a.{b,"name":c}`, `a.[b,c].@tostr`; what is missing is left out. */
function select(value: unknown, query: string): unknown {
  let at = value;
  for (const step of splitAt(query, '.')) at = take(at, step);
  return at;
}

function take(value: unknown, step: string): unknown {
  if (step === '@keys') return keysOf(value);
  if (step === '@tostr') return JSON.stringify(value);
  if (step.startsWith('[')) {
    return splitAt(step.slice(1, -1), ',')
      .map((part) => select(value, part))
      .filter((part) => part !== undefined);
  }
  if (step.startsWith('{')) {
    const named = splitAt(step.slice(1, -1), ',').map((part): [string, unknown] => {
      const [, name, path = part] = /^"(\w+)":(.*)$/s.exec(part) ?? [];
      return [name ?? part, select(value, path)];
    });
    return Object.fromEntries(named.filter(([, part]) => part !== undefined));
  }
  if (Array.isArray(value)) return /^\d+$/.test(step) ? value[Number(step)] : undefined;
  return isRecord(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}

function keysOf(value: unknown): unknown[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value.map(() => null);
  return isRecord(value) ? Object.keys(value) : [null];
}

/** Cuts at a mark that stands in no bracket. */
function splitAt(text: string, mark: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const char of text) {
    if (char === '[' || char === '{') depth += 1;
    if (char === ']' || char === '}') depth -= 1;
    if (char === mark && depth === 0) parts.push('');
    else parts.push(`${parts.pop() ?? ''}${char}`);
  }
  return parts;
}
