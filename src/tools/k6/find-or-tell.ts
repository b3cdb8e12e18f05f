import { findK6, type K6 } from './find-k6.ts';
import { K6Missing } from './k6-missing.ts';

/** The k6 to use; null after telling on stderr how to get one. */
export async function findK6OrTell(command: string): Promise<K6 | null> {
  try {
    return await findK6((line) => console.error(line));
  } catch (error) {
    if (!(error instanceof K6Missing)) throw error;
    console.error(`k6-llm ${command}: ${error.message}`);
    return null;
  }
}
