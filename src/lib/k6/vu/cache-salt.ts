import { hashUnit, type Seed } from '../../numbers/random.ts';
import { currentScenario } from '../engine/k6-api.ts';

const SALT_DIGITS = 1e12;

/**
 * What iteration i begins with where no cache is to help (`LLM_CACHE_BUST`). Not by the seed alone: a second run would find
 * what the first left in the server's cache.
 */
export function createSalt(seed: Seed, isWanted: boolean): (iteration: number) => string | null {
  if (!isWanted) return () => null;
  return (iteration) => {
    const { name, startTime } = currentScenario();
    const unit = hashUnit(seed, 'salt', name, startTime, iteration);
    return `[${Math.floor(unit * SALT_DIGITS).toString(36)}]`;
  };
}
