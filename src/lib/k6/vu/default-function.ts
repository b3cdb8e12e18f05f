import exec from 'k6/execution';
import { isPlainKey } from '../../settings/plain-key.ts';
import type { Iterates } from '../iterates.ts';
import { arrivals, control, secretKeys } from '../parts.ts';
import type { ScenarioDefinition } from '../scenario-definition.ts';
import { sayNext } from './chat.ts';
import { compareProviders } from './compare-providers.ts';
import { beginIteration } from './iteration.ts';
import { runFrom } from './run.ts';
import type { SetupData, VuSetup } from './setup-data.ts';
import type { SharedData } from './shared-data.ts';
import { createUser } from './user.ts';
import { createVu, think, type Vu } from './vu.ts';

/** k6's default function in a VU that makes load: its first call takes what setup hands over, and sets the VU up. */
export function createDefaultFunction(
  definition: ScenarioDefinition<unknown>,
  shared: SharedData,
  iterates: Iterates,
): (data?: SetupData) => void | Promise<void> {
  let begin: (() => void | Promise<void>) | null = null;
  return (data) => {
    if (begin !== null) return begin();
    if (typeof data?.stopped === 'string') exec.test.abort(data.stopped);
    if (shared.schedules.size > 0) arrivals().waitForSetUp(shared.schedules);
    const setup =
      data === undefined ? control().planWithoutSetup(definition) : (JSON.parse(data.vuSetup) as VuSetup);
    const run = runFrom(definition, setup.plan, shared);
    const first = (apiKey: string | null): void | Promise<void> => {
      // A function of the scenario's own reads answers.
      const vu = createVu(run, setup, { apiKey, wantsText: typeof iterates === 'function' });
      const prepared: unknown = data?.prepared === undefined ? undefined : JSON.parse(data.prepared);
      begin = iterationOf(vu, iterates, prepared);
      forgetFunctions();
      return begin();
    };
    const { provider } = run.settings;
    // k6's secrets are the only thing that a VU itself ever waits for.
    if (setup.keySource === 'secrets') return secretKeys().readSecret(provider).then(first);
    return first(keyFor(provider));
  };
}

/** The key, from `LLM_API_KEY` or the preset's own variable, as it is written where that will do. */
function keyFor(provider: VuSetup['plan']['settings']['provider']): string | null {
  const { keyVariable } = provider;
  const raw = __ENV['LLM_API_KEY'] || (keyVariable === null ? '' : __ENV[keyVariable]);
  if (!raw) return null;
  return isPlainKey(raw) ? raw : secretKeys().readApiKey(__ENV, provider);
}

function iterationOf(vu: Vu, iterates: Iterates, prepared: unknown): () => void | Promise<void> {
  if (iterates === 'conversation') return () => converse(vu);
  const user = iterates === 'comparison' ? null : createUser(vu, prepared);
  return () => {
    beginIteration(vu, false);
    return user === null || iterates === 'comparison' ? compareProviders(vu) : iterates(user);
  };
}

/** The default: the run's own conversation, with a pause after each turn. */
function converse(vu: Vu): void {
  beginIteration(vu, true);
  const { model } = vu;
  const chat = { run: null, turns: 0, last: null };
  while (sayNext(vu, chat, model) !== null) think(vu);
}
