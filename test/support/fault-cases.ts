import { KINDS } from '../../src/lib/kinds/kinds.ts';
import { FAULT_NAMES, FAULT_SPECS, type FaultName } from '../../src/tools/mock/faults/faults.ts';
import type { FaultRule } from '../../src/tools/mock/faults/draw-faults.ts';

/** A fault of the mock's met by a kind of request: of a model of its own, so that one run can meet all of them. */
export type FaultCase = { kind: (typeof KINDS)[number]; fault: FaultName; model: string };

/** Each of some faults with each of some kinds. */
export function faultCases(faults: readonly FaultName[] = FAULT_NAMES, kinds = KINDS): FaultCase[] {
  return kinds.flatMap((kind) => faults.map((fault) => ({ kind, fault, model: `${kind.name}-${fault}` })));
}

/** What the mock is told of them; pauses are far from any time-out. */
export function faultRules(cases: readonly FaultCase[]): FaultRule[] {
  return cases.map(({ fault: name, model }) => ({
    name,
    model,
    ratio: 1,
    param: name === 'stall' ? 50 : (FAULT_SPECS[name].param?.default ?? 0),
  }));
}

/** A field is refused only where it is sent. */
const SENT_WITH: Partial<Record<FaultName, (kind: string, streamed: boolean) => boolean>> = {
  refuse_stream_options: (kind, streamed) => streamed && ['chat', 'completions'].includes(kind),
  refuse_max_tokens: (kind) => ['chat', 'completions', 'messages'].includes(kind),
  refuse_temperature: (kind) => !['embeddings', 'rerank'].includes(kind),
};

/** What a request is to end as: `ok`, or a kind of failure. */
export function expectedEnd({ kind, fault }: FaultCase, stream: boolean): string {
  const streamed = stream && kind.answers === 'text';
  if (SENT_WITH[fault]?.(kind.name, streamed) === false) return 'ok';
  const end = FAULT_SPECS[fault][streamed ? 'streamed' : 'blocking'];
  return end === null || end === 'ignored' ? 'ok' : end;
}
