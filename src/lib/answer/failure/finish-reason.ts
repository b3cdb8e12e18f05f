import { isRecord } from '../../parse/json.ts';
import type { ErrorKind } from '../attempt.ts';
import { plainName } from '../../text/plain-text.ts';

/**
 * What a finish reason means: the answer is whole (`ended`, a limit included), it goes on (`open`), it failed, or
 * nobody knows (`unknown`): the list is open, so such an answer counts as it came, and is counted and told.
 */
export type FinishKind = 'ended' | 'open' | 'unknown' | FinishFailure;

/** How an answer says that it ended. */
export type Finish = { reason: string; kind: FinishKind };

/** `server`: whatever broke behind the answer. */
export type FinishFailure = Extract<
  ErrorKind,
  | ('content_filter' | 'overloaded' | 'timeout' | 'rate_limited' | 'quota' | 'auth')
  | ('bad_request' | 'network' | 'server')
>;

/**
 * Ends of whole answers, letters only. Read from the API references, and the sources of engines and relays: OpenAI,
 * Azure, Anthropic, Bedrock (Converse, Titan), Gemini, Vertex, Mistral, DeepSeek, Zhipu, DashScope, MiniMax, Cohere,
 * AI21, xAI, Groq, Together, Fireworks, watsonx, OpenRouter, LiteLLM, vLLM, SGLang, TGI, llama.cpp, Ollama,
 * TensorRT-LLM, LMDeploy, MLC (2026-11).
 */
const ENDED: ReadonlySet<string> = new Set(
  [
    'stop stopped stopsequence stopstring stopstr stoptoken stopword stopwords endid stopcriteria stopcriteriamet eos eostoken',
    'eosid eod endoftext endofturn endofsequence endturn end ended complete completed completion done finish',
    'finished success succeeded ok normal natural word matchedstop load',
    'length lengthcapped maxpredictedtokens maxlength maxlen maxtoken maxtokens maxnewtokens maxoutput maxoutputtokens maxcontext',
    'maxcompletiontokens tokenlimit limit modellength contextlength contextwindow contextlimit',
    'modelcontextwindowexceeded contextwindowexceeded maxcontextlength',
    'toolcalls toolcall tooluse tool tools functioncall functioncalls maxtoolcalls pauseturn pause compaction',
    'repetition',
  ].flatMap((names) => names.split(' ')),
);

/** No reason yet. DashScope sends the word "null" with every event. */
const OPEN: ReadonlySet<string> = new Set(
  'null nil undefined notfinished unfinished inprogress queued pending running streaming'.split(' '),
);

/** Failures by the words in their names, the first that fits. Names that nobody listed are known by them too. */
const FAILED: readonly (readonly [FinishFailure, RegExp])[] = [
  [
    'content_filter',
    /filter|safety|unsafe|spii|^pii$|prohibit|blocklist|blocked|recitation|refus|guardrail|moderat|sensitive|toxic|policy|violation|modelarmor|^language$|copyright|inappropriate|harm|jailbreak|illegal/,
  ],
  ['overloaded', /insufficientsystemresource|overload|capacity|preempt|evict|busy|exhaust|outofmemory|^oom$/],
  ['rate_limited', /ratelimit|throttl|toomanyrequests/],
  ['quota', /quota|insufficient(balance|credit|fund)|billing/],
  ['timeout', /timeout|timedout|timelimit|deadline/],
  ['auth', /unauthori[sz]|forbidden|permission|accessdenied/],
  [
    'bad_request',
    /^errorlimit$|(invalid|bad)request|invalidargument|unsupported|missingthoughtsignature|ragquery|notfound/,
  ],
  [
    'server',
    /error|fail|abort|cancel|crash|exception|fault|network|connect|interrupt|kill|terminat|malform|invalid|unexpected|unavailable|broken|lost|reset|shutdown|toomanytoolcalls|noimage|imageother|unclosed|dropped|corrupt|panic|unload|reject|denied|died|stall|expire|(user|client)stop|stopped?by(user|client)/,
  ],
];

/** What stands before a reason in an enumeration's full name: `FINISH_REASON_`, `FinishReason.`, `REASON_`. */
const PREFIX = /^.*?(finish|stop|end|done)?[_\s-]*reason[_.:\s-]+(?=\w)/i;

/** `max_tokens_reached` says what `max_tokens` does. */
const REACHED = /(was|is)?(reached|exceeded|hit|matched|detected|found)$/;

/** The reason as a text, whatever its shape; null when there is none. SGLang's own API gives `{"type": "stop"}`. */
export function finishReasonText(value: unknown): string | null {
  if (typeof value === 'string') return value.trim() === '' ? null : value.trim().slice(0, MAX_CHARS);
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return firstText(value);
  if (!isRecord(value)) return null;
  // Rust writes a variant that holds something as its name: `{"Length": {…}}`.
  const [variant, ...others] = Object.keys(value);
  return firstText(NAME_KEYS.map((key) => value[key])) ?? (others.length === 0 ? (variant ?? null) : null);
}

const NAME_KEYS = ['type', 'kind', 'reason', 'name', 'finish_reason', 'stop_reason', 'value', 'code'];
const MAX_CHARS = 100;

function firstText(values: readonly unknown[]): string | null {
  for (const value of values) {
    const text = Array.isArray(value) ? null : finishReasonText(value);
    if (text !== null) return text;
  }
  return null;
}

/** What a reason means, in any spelling: `MAX_TOKENS`, `content-filter`, `FINISH_REASON_SAFETY`, `toolUse`. */
export function finishKind(reason: string): FinishKind {
  const plain = lettersOf(reason.replace(PREFIX, ''));
  if (ENDED.has(plain) || ENDED.has(plain.replace(REACHED, ''))) return 'ended';
  if (plain === '' || OPEN.has(plain)) return plain === '' ? 'unknown' : 'open';
  return FAILED.find(([, words]) => words.test(plain))?.[0] ?? 'unknown';
}

/** The answer was not whole, for this reason. */
export function isFinishFailure(kind: FinishKind): kind is FinishFailure {
  return kind !== 'ended' && kind !== 'open' && kind !== 'unknown';
}

function lettersOf(text: string): string {
  return text.toLowerCase().replace(/[^a-z]/g, '');
}

/** The finish that a field holds; null when it says that the answer goes on. */
export function readFinish(raw: unknown): Finish | null {
  const reason = finishReasonText(raw);
  const kind = reason === null ? 'open' : finishKind(reason);
  return reason === null || kind === 'open' ? null : { reason: plainName(reason), kind };
}
