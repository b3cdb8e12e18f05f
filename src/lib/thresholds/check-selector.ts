import { ERROR_KINDS } from '../answer/attempt.ts';
import { hint } from '../parse/did-you-mean.ts';
import { ConfigError } from '../parse/config-error.ts';
import { COUNTED_WARNINGS } from '../metrics/submetrics.ts';
import { COMMON_TAGS, kindTagOf, METRIC_SPECS } from '../metrics/metric-list.ts';
import type { RunFacts } from './run-facts.ts';
import { formatThresholdKey, type ThresholdKey } from './threshold-key.ts';
import { isOurs } from './never-fed.ts';

/** Tags of ours that only some scenarios or settings set. */
const OCCASIONAL_TAGS = ['turn', 'cache', 'window', 'step'];

/** k6 sets these on every sample of a scenario, or is told to with `--tag`. */
const RUN_TAGS = ['scenario', 'group', 'testid'];

/** What k6 sets on its own metrics (system tags). */
const K6_TAGS: readonly string[] = (
  'name url method status proto subproto error error_code expected_response ' +
  'tls_version check service ip ocsp_status rpc_type'
).split(' ');

/** Values of the HTTP tag `name`. */
const REQUEST_NAMES = ['llm', 'warmup', 'preflight', 'scrape'];

/**
 * Checks that samples of the metric can carry the tags, as far as that is known before the run.
 *
 * @throws ConfigError for a tag that the metric never has, and a value that the tag never takes in this run.
 */
export function checkSelector(key: ThresholdKey, facts: RunFacts, place: string): void {
  const { metric, tags } = key;
  const legal = tagsOf(metric);
  for (const [tag, value] of tags) {
    if (!legal.includes(tag)) {
      const expected = `a tag of ${metric}${hint(tag, legal)}: ${legal.join(', ')}`;
      throw problem(key, {
        place,
        expected,
        example: formatThresholdKey({ metric, tags: new Map([['model', facts.models[0] ?? 'gpt-4.1']]) }),
      });
    }
    const values = metric === 'ai_step_ms' && tag === 'name' ? null : valuesOf(metric, tag, facts);
    if (values === null || values.includes(value)) continue;
    const named = tag === 'model' ? 'a model of the mix' : `a ${tag} of this run`;
    const expected =
      values.length === 0
        ? `no ${tag}: this run does not set it`
        : `${named}${hint(value, values)}: ${values.join(', ')}`;
    const mended = new Map(tags);
    if (values[0] === undefined) mended.delete(tag);
    else mended.set(tag, values[0]);
    throw problem(key, { place, expected, example: formatThresholdKey({ metric, tags: mended }) });
  }
}

function tagsOf(metric: string): readonly string[] {
  const common = [...COMMON_TAGS, ...OCCASIONAL_TAGS, ...RUN_TAGS];
  const own = isOurs(metric) ? (METRIC_SPECS[metric].tags ?? []) : K6_TAGS;
  return [...new Set([...common, kindTagOf(metric), ...own])];
}

/** Every value that a tag can take; null when that is not known. */
function valuesOf(metric: string, tag: string, facts: RunFacts): readonly string[] | null {
  switch (tag) {
    case 'model':
      return facts.models;
    case 'provider':
      return facts.providers;
    case 'test_type':
    case 'scenario':
      return facts.testTypes;
    case 'window':
      return facts.windows;
    case 'step':
      return facts.steps;
    case 'turn':
      return facts.turns;
    case 'stream':
      return ['true', 'false'];
    case 'phase':
      return ['main', 'warmup'];
    case 'cache':
      return ['hit', 'miss'];
    case 'kind':
    case 'request_kind':
      if (tag === kindTagOf(metric)) return facts.tagsKind ? facts.kinds : [];
      return metric === 'ai_warnings' ? COUNTED_WARNINGS : ERROR_KINDS;
    case 'name':
      return facts.hasOwnBehaviour ? null : REQUEST_NAMES;
    default:
      return null;
  }
}

function problem(
  key: ThresholdKey,
  { place, expected, example }: { place: string; expected: string; example: string },
): ConfigError {
  return new ConfigError({ setting: place, got: formatThresholdKey(key), expected, example });
}
