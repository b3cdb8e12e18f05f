import type { Behaviour } from './scenario-user.ts';

/** What an iteration does: a function of the scenario's own, the run's own conversation, or what `ab` does. */
export type Iterates = Behaviour<unknown> | 'conversation' | 'comparison';
