import exec from 'k6/execution';
import { sampleOf, type SampledAttempt } from '../../samples/attempt-sample.ts';
import { encodeSample } from '../../samples/sample.ts';

/** Writes the line of one attempt. */
export function logSample(sampled: SampledAttempt): void {
  console.log(encodeSample(sampleOf(sampled, exec.instance.vusActive)));
}
