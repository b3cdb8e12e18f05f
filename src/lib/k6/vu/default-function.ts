import exec from 'k6/execution';
import { readApiKey } from '../../settings/api-key.ts';
import type { Behaviour } from '../define-scenario.ts';
import { control, secretKeys } from '../parts.ts';
import type { ScenarioDefinition } from '../scenario-definition.ts';
import { compareProviders } from './compare-providers.ts';
import { beginIteration } from './iteration.ts';
import { runFrom } from './run.ts';
import { type SetupData, type VuSetup, withoutSetup } from './setup-data.ts';
import type { SharedData } from './shared-data.ts';
import { createUser, type User } from './user.ts';
import { createVu, type Vu } from './vu.ts';
import { waitForSetUp } from './wait-until-due.ts';

/** What an iteration does: a function of the scenario's own, the run's own conversation, or what `ab` does. */
export type Iterates = Behaviour<unknown> | 'conversation' | 'comparison';

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
    waitForSetUp(shared.schedules);
    const setup =
      data === undefined
        ? withoutSetup(control().planWithoutSetup(definition))
        : (JSON.parse(data.vuSetup) as VuSetup);
    const run = runFrom(definition, setup.plan, shared);
    const first = (apiKey: string | null): void | Promise<void> => {
      // A function of the scenario's own reads answers.
      const vu = createVu(run, setup, { apiKey, wantsText: typeof iterates === 'function' });
      const prepared: unknown = data?.prepared === undefined ? undefined : JSON.parse(data.prepared);
      begin = iterationOf(vu, iterates, prepared);
      return begin();
    };
    const { provider } = run.settings;
    // k6's secrets are the only thing that a VU itself ever waits for.
    if (setup.keySource === 'secrets') return secretKeys().readSecret(provider).then(first);
    return first(readApiKey(__ENV, provider));
  };
}

function iterationOf(vu: Vu, iterates: Iterates, prepared: unknown): () => void | Promise<void> {
  if (iterates === 'comparison') {
    return () => {
      beginIteration(vu, false);
      compareProviders(vu);
    };
  }
  const user = createUser(vu, prepared);
  if (iterates === 'conversation') {
    return () => {
      beginIteration(vu, true);
      converse(user);
    };
  }
  return () => {
    beginIteration(vu, false);
    return iterates(user);
  };
}

/** The default: the run's own conversation. */
function converse(user: User<unknown>): void {
  const chat = user.chat();
  while (chat.next() !== null) user.pause();
}
