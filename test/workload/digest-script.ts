import { workloadDigest } from './digest.ts';

export const options = {
  scenarios: { main: { executor: 'shared-iterations', vus: 1, iterations: 1, exec: 'main' } },
};

/** What k6 runs. */
export function main(): void {
  console.log(`DIGEST ${JSON.stringify(workloadDigest())} END`);
}
