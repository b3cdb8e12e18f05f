import { durationMs } from '../parse/values.ts';
import { hint } from '../parse/did-you-mean.ts';
import { ConfigError } from '../parse/config-error.ts';
import { isRecord, parseJsonFile } from '../parse/json.ts';
import type { Threshold } from '../plan/build-options.ts';

/** What a run is judged by, as written: not yet checked against the run. */
export type ThresholdProfile = {
  name: string;
  thresholds: Readonly<Record<string, readonly Threshold[]>>;
};

const PROFILE_KEYS = ['$schema', 'name', 'description', 'thresholds'];
const THRESHOLD_KEYS = ['threshold', 'abortOnFail', 'delayAbortEval'];
const EXAMPLE = '{"thresholds":{"ai_latency_ms":["p(95)<5000"]}}';
const DAY_MS = 86_400_000;
const parseDelay = durationMs({ min: 0, max: 7 * DAY_MS, example: '10s' });

/**
 * Reads a profile's JSON (thresholds/schema.json describes it).
 *
 * @param place how messages name it: `LLM_THRESHOLDS my.json`.
 * @throws ConfigError for a wrong frame; metrics and expressions are read by `compileThresholds`.
 */
export function parseProfile(data: unknown, place: string): ThresholdProfile {
  const profile = frame(data, { place, keys: PROFILE_KEYS });
  const given = profile['thresholds'];
  if (!isRecord(given)) throw problem(`${place}: thresholds`, given, 'an object of lists by metric');
  const entries = Object.entries(given).map(([key, list]): [string, Threshold[]] => {
    const at = `${place}: ${key}`;
    if (!Array.isArray(list)) throw problem(at, list, `a list: ["p(95)<5000"]`);
    return [key, list.map((item: unknown, index) => parseThreshold(item, `${at}[${index}]`))];
  });
  const name = profile['name'];
  return { name: typeof name === 'string' ? name : place, thresholds: Object.fromEntries(entries) };
}

/** Reads a user's file. */
export function parseProfileText(text: string, place: string): ThresholdProfile {
  const data = parseJsonFile(text);
  if (data === undefined) throw problem(place, text, 'JSON');
  return parseProfile(data, place);
}

function parseThreshold(item: unknown, place: string): Threshold {
  if (typeof item === 'string') return item;
  const record = frame(item, { place, keys: THRESHOLD_KEYS });
  const { threshold, abortOnFail, delayAbortEval } = record;
  if (typeof threshold !== 'string') throw problem(`${place}.threshold`, threshold, 'text: "p(95)<5000"');
  if (abortOnFail !== undefined && typeof abortOnFail !== 'boolean') {
    throw problem(`${place}.abortOnFail`, abortOnFail, 'true or false');
  }
  if (delayAbortEval !== undefined && typeof delayAbortEval !== 'string') {
    throw problem(`${place}.delayAbortEval`, delayAbortEval, 'a duration as text: "10s"');
  }
  if (delayAbortEval !== undefined) parseDelay(delayAbortEval, `${place}.delayAbortEval`);
  return {
    threshold,
    ...(abortOnFail === undefined ? {} : { abortOnFail }),
    ...(delayAbortEval === undefined ? {} : { delayAbortEval }),
  };
}

function frame(data: unknown, { place, keys }: { place: string; keys: readonly string[] }) {
  if (!isRecord(data)) throw problem(place, data, 'a JSON object');
  const stranger = Object.keys(data).find((key) => !keys.includes(key));
  if (stranger === undefined) return data;
  throw problem(place, stranger, `no keys but ${keys.join(', ')}${hint(stranger, keys)}`);
}

function problem(setting: string, got: unknown, expected: string): ConfigError {
  const shown = typeof got === 'string' ? got : (JSON.stringify(got) ?? 'nothing');
  return new ConfigError({ setting, got: shown, expected, example: EXAMPLE });
}
