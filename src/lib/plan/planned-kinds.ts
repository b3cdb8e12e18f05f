import { type KindName, kindOf, KINDS } from '../kinds/kinds.ts';
import { ConfigError } from '../parse/config-error.ts';
import { picturesRefused } from '../prompts/pictures/refuse-pictures.ts';
import type { Task } from '../prompts/tasks.ts';
import { kindNotTaken, type Settings } from '../settings/settings.ts';
import type { PlannedPart } from './planned-parts.ts';

/** Where kinds of requests may be named. */
export type KindSources = {
  settings: Settings;
  parts: readonly Pick<PlannedPart, 'requestKind'>[];
  tasks: readonly Task[];
  /** Those that a scenario's function names itself. */
  own: readonly KindName[];
  /** Those that rows of the data set name. */
  rows: readonly KindName[];
};

/**
 * Every kind of request that a run may send, in the order in which they are named.
 *
 * @throws ConfigError for one that the preset does not take, and for settings that mean nothing to any of them.
 */
export function plannedKinds({ settings, parts, tasks, own, rows }: KindSources): KindName[] {
  const { provider, mix, kind } = settings;
  const ofMix = mix.map((entry) => entry.kind ?? kind);
  const ofLoad = parts.flatMap(({ requestKind }) => (requestKind === null ? ofMix : [requestKind]));
  const ofTasks = tasks.map((task) => task.kind ?? kind);
  const named = new Set([...(tasks.length > 0 ? ofTasks : ofLoad), ...own, ...rows]);
  const kinds = [...named];
  const foreign = kinds.find((one) => !provider.kinds.includes(one));
  if (foreign !== undefined) throw kindNotTaken(foreign, provider, sourceOf(foreign, { settings, rows }));
  refuseMeaningless(kinds, settings);
  refuseUnseenPictures(kinds, settings, tasks);
  return kinds;
}

/** Pictures that no request of the run would carry. */
function refuseUnseenPictures(kinds: readonly KindName[], settings: Settings, tasks: readonly Task[]): void {
  if (settings.images.length === 0) return;
  if (tasks.length > 0)
    throw picturesRefused(
      settings,
      'nothing in a scenario of tasks, whose questions are its own',
      'LLM_IMAGES= , or baseline',
    );
  if (kinds.some((kind) => kindOf(kind).picture !== null)) return;
  const others = KINDS.filter(({ picture }) => picture !== null).map(({ name }) => name);
  throw picturesRefused(
    settings,
    `nothing for ${kinds.join(', ')}: pictures go with ${others.join(', ')}`,
    `LLM_KIND=${others[0] ?? ''}`,
  );
}

function sourceOf(kind: KindName, { settings, rows }: Pick<KindSources, 'settings' | 'rows'>): string {
  if (settings.mix.some((entry) => entry.kind === kind)) return 'LLM_MIX';
  return rows.includes(kind) ? 'LLM_DATASET' : 'the kind of a request';
}

/** What asks for an answer of text, where nothing that is sent has one. */
function refuseMeaningless(kinds: readonly KindName[], { stream, turns, transport }: Settings): void {
  const silent = kinds.filter((kind) => kindOf(kind).answers !== 'text');
  const list = silent.join(', ');
  if (silent.length === kinds.length) {
    if (stream) {
      throw new ConfigError({
        setting: 'LLM_STREAM',
        got: '1',
        expected: `0 for ${list}, which are answered in one piece`,
        example: 'LLM_STREAM=0, or LLM_KIND=chat',
      });
    }
    if (turns > 1) {
      throw new ConfigError({
        setting: 'LLM_TURNS',
        got: String(turns),
        expected: `1 for ${list}: nothing is said that a next turn could go on from`,
        example: 'LLM_TURNS=1, or LLM_KIND=chat',
      });
    }
  }
  if (transport === 'sse' && silent.length > 0) {
    throw new ConfigError({
      setting: 'LLM_TRANSPORT',
      got: 'sse',
      expected: `http or meter for ${list} (sse carries streams only)`,
      example: 'LLM_TRANSPORT=meter with LLM_METER_URL (k6-llm run --stream does both)',
    });
  }
}
