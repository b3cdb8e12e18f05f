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
    const known = transports.get(kind);
    if (known !== undefined) return known;
    const made = createTransport(options, kind);
    transports.set(kind, made);
    return made;
  };
  return {
    provider: options.settings.provider.name,
    send: (request) => {
      const answer = attempted(transportFor(request.kind), request);
      const { outcome, warnings } = answer.attempt;
      return outcome.kind === 'ok' && warnings.length === 0 ? answer : concealed(answer, options);
    },
  };
}

/** Whatever an answer does to its reader fails that request alone, and is counted: it may have cost money. */
function attempted(transport: Transport, request: Composed): Answer {
  try {
    return transport(request.body, request);
  } catch (error) {
    return answers().unreadable(`the answer could not be read: ${String(error)}`);
  }
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
