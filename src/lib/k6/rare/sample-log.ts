import exec from 'k6/execution';
import { encodeSample, sampleOf, type SampledAttempt } from '../../samples/sample.ts';

/** Writes the line of one attempt. */
export function logSample(sampled: SampledAttempt): void {
  console.log(encodeSample(sampleOf(sampled, exec.instance.vusActive)));
}
