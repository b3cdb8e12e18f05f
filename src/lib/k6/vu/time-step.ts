import { addTagged } from '../engine/add-sample.ts';
import { isMeasured, tagPlace, type Vu } from './vu.ts';

/** Runs a step and times it; one that throws has no time, and stops the iteration as it would anyway. */
export function timeStep<Result>(vu: Vu, name: string, work: () => Result): Result {
  const measured = isMeasured(vu);
  tagPlace(vu);
  const { tags, tagged } = vu;
  const outer = tagged.step;
  const setName = (step: string | null): void => {
    tagged.step = step;
    if (step === null) delete tags['name'];
    else tags['name'] = step;
  };
  const beganAtMs = vu.clock();
  const end = (): void => {
    setName(outer);
    if (measured) addTagged('ai_step_ms', vu.clock() - beganAtMs, { name });
  };
  setName(name);
  let result: Result;
  try {
    result = work();
  } catch (error) {
    setName(outer);
    throw error;
  }
  if (!(result instanceof Promise)) {
    end();
    return result;
  }
  const settled = result.then(
    (value: unknown) => {
      end();
      return value;
    },
    (error: unknown) => {
      setName(outer);
      throw error;
    },
  );
  return settled as Result;
}
