import http from 'k6/http';
import { isRecord } from '../../../parse/json.ts';
import { METER_HEADERS, type MeterAnswer } from '../../../answer/meter-answer.ts';
import { type LeaveAfter, writeLeaveAfter } from '../../../load/parse-abort.ts';
import type { Clock } from '../../engine/k6-api.ts';
import { noAnswer } from '../../vu/transports/no-answer.ts';
import type { Target, Transport } from '../../vu/transports/transport.ts';

/** Room for the meter to answer after its own time-out, so that it is the meter's word that k6 hears. */
const GRACE_MS = 3000;

/** k6: nothing listens at the address (docs: k6 error codes). */
const REFUSED = 1212;

/** Any k6, with the stream meter beside it: every event is stamped as it leaves the socket. */
export function createMeterTransport(target: Target, clock: Clock): Transport {
  const params = paramsFor(target, false);
  const paramsForText = paramsFor(target, true);
  return (body, { wantsText, leaveAfter }) => {
    const issuedAtMs = clock();
    const usual = wantsText ? paramsForText : params;
    const response = http.post(
      target.url,
      body,
      leaveAfter === undefined ? usual : leaving(usual, leaveAfter),
    );
    const totalMs = clock() - issuedAtMs;
    const answer = readMeterAnswer(response.body);
    if (answer === null) {
      // The meter is gone, or something else listens there.
      const said = `the stream meter gave no answer of its own (status ${response.status}) ${response.error}`;
      const refused = response.error_code === REFUSED;
      return {
        ...noAnswer(said, totalMs, response.error_code),
        meterGone: refused ? 'refused' : 'no-answer',
      };
    }
    const hopMs = Math.max(0, totalMs - answer.servedMs);
    const { text, toolCalls, bodyText } = answer;
    const read = { attempt: { ...answer.attempt, hopMs }, text, toolCalls, bodyText };
    return answer.overBudget ? { ...read, overBudget: true } : read;
  };
}

function paramsFor(target: Target, wantsText: boolean) {
  return {
    headers: {
      ...target.headers,
      [METER_HEADERS.timeoutMs]: String(target.timeoutMs),
      ...(target.wantsGaps ? { [METER_HEADERS.gaps]: '1' } : {}),
      ...(wantsText ? { [METER_HEADERS.text]: '1' } : {}),
    },
    timeout: target.timeoutMs + GRACE_MS,
    tags: { name: target.tag },
    responseType: 'text' as const,
    redirects: 0,
  };
}

/** The same, with when the user leaves. */
function leaving(params: ReturnType<typeof paramsFor>, leaveAfter: LeaveAfter): typeof params {
  const headers = { ...params.headers, [METER_HEADERS.leaveAfter]: writeLeaveAfter(leaveAfter) };
  return { ...params, headers };
}

/** The meter's word; null when what came is not from a meter. */
function readMeterAnswer(body: string | null): MeterAnswer | null {
  if (body === null || !body.startsWith('{"v":1')) return null;
  const parsed: unknown = JSON.parse(body);
  return isMeterAnswer(parsed) ? parsed : null;
}

function isMeterAnswer(value: unknown): value is MeterAnswer {
  return isRecord(value) && isRecord(value['attempt']) && typeof value['servedMs'] === 'number';
}
