import type { Adaptation } from '../../../request/build-body.ts';
import { kindOf } from '../../../kinds/kinds.ts';
import { PREFLIGHT_MAX_TOKENS } from '../../../request/judge-preflight.ts';
import { waitWithin } from '../../../plan/setup-times.ts';
import { pictures } from '../../parts.ts';
import { createClient } from '../../vu/client.ts';
import type { Clock } from '../../engine/k6-api.ts';
import { createComposer } from '../../vu/composer.ts';
import type { PlannedRun } from '../plan-run.ts';
import type { Answer } from '../../vu/transports/transport.ts';
import type { PreflightForm } from './preflight-forms.ts';

type PreflightRequest = {
  form: PreflightForm;
  apiKey: string | null;
  clock: Clock;
  untilMs: number;
  adaptation: Adaptation;
};

/** Sends it once, over the run's own transport; null: there is no time left for it. */
export function askForm(
  run: PlannedRun,
  { form, apiKey, clock, untilMs, adaptation }: PreflightRequest,
): Answer | null {
  const timeoutMs = waitWithin(untilMs - clock(), run.settings.timeoutMs);
  if (timeoutMs === null) return null;
  const settings = {
    ...run.settings,
    timeoutMs,
    extraBody: { ...run.firstFields, ...run.settings.extraBody },
  };
  const { kind, model, messages, shown = [], stream, temperature } = form;
  const compose = createComposer(settings, { [model]: adaptation });
  const request = compose({
    kind,
    model,
    messages,
    maxTokens: Math.min(PREFLIGHT_MAX_TOKENS, settings.maxTokens),
    exactLength: false,
    stream,
    temperature,
    wantsText: false,
    ...(shown.length === 0 ? {} : { encoded: pictures().encodeShown(kindOf(kind), messages, shown) }),
  });
  return createClient({ settings, apiKey, clock, tag: 'preflight' }).send(request);
}
