import exec from 'k6/execution';
import { sleep } from '../../engine/k6-api.ts';

/** What k6 keeps of a VU, and at least what it makes for the VU's first request; measured, rounded up. */
const HEAP_BYTES_PER_VU = 512 * 1024;
/** Longer than a collection takes for one VU's share, on one core. */
const COLLECTION_MS_PER_VU = 1;

/**
 * Has k6 collect its garbage now, and then not again until the load is well under way. Called in setup: VUs make
 * much in their first moments, a collection takes about half a millisecond a VU of both cores, and requests that
 * are due in that time start late.
 *
 * Go collects when the heap has grown by what the last collection left. So something large is made, which brings a
 * collection about and counts as left by it. Nobody writes to it, so the system gives it no memory.
 */
export function collectGarbage(): void {
  const vus = exec.instance.vusInitialized;
  const room = new ArrayBuffer(vus * HEAP_BYTES_PER_VU);
  // By its length, so that the bundler leaves it in; k6's engine holds it until this returns.
  sleep(((room.byteLength / HEAP_BYTES_PER_VU) * COLLECTION_MS_PER_VU) / 1000);
}
