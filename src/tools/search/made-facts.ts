import type { RunFacts } from '../../lib/thresholds/run-facts.ts';

/** A streamed run of two models through the meter, for tests. */
export function madeFacts(by: 'rate' | 'vus' = 'rate', changes: Partial<RunFacts> = {}): RunFacts {
  return {
    transport: 'meter',
    stream: true,
    recordsGaps: false,
    scheduled: false,
    openParts: by === 'rate' ? ['baseline'] : [],
    hasWarmup: true,
    models: ['big', 'small'],
    testTypes: ['baseline'],
    providers: ['custom'],
    kinds: ['chat'],
    textKinds: ['chat'],
    tagsKind: false,
    windows: [],
    steps: [],
    hasOwnBehaviour: false,
    ownMetrics: [],
    turns: [],
    hasSessions: false,
    ...changes,
  };
}
