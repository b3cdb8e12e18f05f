import { describePrice } from '../../../money/price.ts';
import type { PlannedRun } from '../plan-run.ts';
import type { Forecast } from '../../../money/forecast.ts';
import { renderForecast } from '../../../money/render-forecast.ts';
import { wrap } from '../../../text/table.ts';

/** What will be done, told once, before anything is sent. */
export function announce(run: PlannedRun, forecast: Forecast): void {
  const { settings, scenario } = run;
  const { endpoints, provider, mix, transport, seed } = settings;
  const lines = [
    `${scenario.name} against ${endpoints.displayUrl} (${provider.name})`,
    `  ${run.streamMode} over the ${transport} transport, seed ${seed}`,
    ...mix.map(
      ({ model, shareRatio }) =>
        `  ${`${(shareRatio * 100).toFixed(1)} %`.padStart(7)}  ${nameOf(run, model).padEnd(24)} ${priceText(run, model)}`,
    ),
    ...renderForecast(forecast).flatMap((line) => wrap(line, WIDTH, '  ').map((part) => `  ${part}`)),
  ];
  // Line by line: k6's log would show a line break as \\n.
  for (const line of lines) console.log(line);
}

/** What is expected once more was found out. */
export function announceForecast(title: string, forecast: Forecast): void {
  console.log(`  ${title}:`);
  for (const line of renderForecast(forecast).flatMap((text) => wrap(text, WIDTH - 2, '  '))) {
    console.log(`    ${line}`);
  }
}

/** Of a terminal, less the indent. */
const WIDTH = 78;

/** Of several providers, the mix holds their names. */
function nameOf({ providers }: PlannedRun, name: string): string {
  const provider = providers?.find((one) => one.name === name);
  return provider === undefined ? name : `${name}: ${provider.model}`;
}

function priceText({ pricing }: PlannedRun, model: string): string {
  const priced = pricing.priceOf(model);
  if (priced === null) return 'no price, so no dollars for it (LLM_PRICES adds one)';
  return describePrice(priced.price);
}
