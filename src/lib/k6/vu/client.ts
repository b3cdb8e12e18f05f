import type { Kind } from '../../kinds/kind.ts';
import { authHeaders } from '../../request/auth-headers.ts';
import { callUrl } from '../../request/call-url.ts';
import type { VuSettings } from '../../settings/settings.ts';
import type { Clock } from '../engine/k6-api.ts';
import type { Composed } from './composer.ts';
import { answers, meterTransport } from '../parts.ts';
import { createHttpTransport } from './transports/http.ts';
import type { Answer, Target, Transport } from './transports/transport.ts';

/** Sends requests to one provider. */
export type Client = {
  /** The tag `provider`. */
  provider: string;
  send: (request: Composed) => Answer;
};

export type ClientOptions = {
  settings: VuSettings;
  apiKey: string | null;
  clock: Clock;
  tag: Target['tag'];
};

/** A client for the run's own target. */
export function createClient(options: ClientOptions): Client {
  const transports = new Map<Kind, Transport>();
  const transportFor = (kind: Kind): Transport => {
    const made = createTransport(options, kind);
    transports.set(kind, made);
    return made;
  };
  return {
    provider: options.settings.provider.name,
    send: (request) => {
      const transport = transports.get(request.kind) ?? transportFor(request.kind);
      let answer: Answer;
      try {
        answer = transport(request.body, request);
      } catch (error) {
        // Whatever an answer does to its reader fails that request alone, and is counted: it may have cost money.
        answer = answers().unreadable(`the answer could not be read: ${String(error)}`);
      }
      const { attempt } = answer;
      const isPlain = attempt.outcome.kind === 'ok' && attempt.warnings.length === 0;
      return isPlain ? answer : concealed(answer, options);
    },
  };
}

/** An answer whose words may be shown. */
function concealed(answer: Answer, { settings, apiKey }: ClientOptions): Answer {
  const { secretsIn, secretPartsOf, withoutSecrets } = answers();
  const { extraHeaders, endpoints } = settings;
  const secrets = secretsIn([
    apiKey ?? '',
    ...Object.values(extraHeaders),
    ...secretPartsOf(callUrl(endpoints, '')),
  ]);
  return withoutSecrets(answer, secrets);
}

function createTransport({ settings, apiKey, clock, tag }: ClientOptions, kind: Kind): Transport {
  const { provider, endpoints, extraHeaders, timeoutMs, transport } = settings;
  const target: Target = {
    name: provider.name,
    url: callUrl(endpoints, kind.path),
    kind,
    headers: {
      'content-type': 'application/json',
      ...kind.headers,
      ...provider.headers,
      ...authHeaders(provider, apiKey),
      ...extraHeaders,
    },
    timeoutMs,
    tag,
    wantsGaps: settings.recordsGaps,
  };
  switch (transport) {
    case 'http':
      return createHttpTransport(target, clock);
    case 'sse':
      return answers().createSseTransport(target, clock);
    case 'meter':
      // The key stays in the meter's own memory: the script needs none.
      return meterTransport().createMeterTransport(
        {
          ...target,
          url: `${settings.meterUrl ?? ''}/v1/${kind.path}`,
          headers: { 'content-type': 'application/json', ...kind.headers, ...extraHeaders },
        },
        clock,
      );
  }
}
