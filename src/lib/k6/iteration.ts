import { request } from './request.ts';
import { isMeasured, isUserLoad, tagPlace, think, type Vu } from './vu.ts';

/** One iteration of most scenarios: a request to a model of the mix, then, in a closed load, a pause. */
export function askOnce(vu: Vu): void {
  const { settings } = vu.run;
  const iteration = vu.iteration();
  const measured = isMeasured(vu);
  tagPlace(vu);
  const model = settings.mix[vu.mix.pick(iteration)]?.model ?? '';
  const { messages, maxTokens } = vu.prompts.pick(iteration);
  request(
    vu,
    vu.clientFor(measured),
    {
      model,
      messages,
      maxTokens: maxTokens ?? settings.maxTokens,
      stream: settings.stream,
      temperature: settings.temperature,
      wantsText: false,
    },
    { iteration, measured, lagMs: null, pair: null },
  );
  if (isUserLoad(vu)) think(vu, iteration);
}
