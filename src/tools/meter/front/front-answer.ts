import type { Header } from '../../http1/message-head.ts';
import { renderHead } from '../../http1/render-head.ts';

/** An answer to k6, whole. */
export type FrontAnswer = {
  status: number;
  contentType: string;
  headers?: readonly Header[];
  body: string | Buffer;
};

/** A JSON answer in the shape of OpenAI's errors, which every client prints. */
export function jsonErrorAnswer(status: number, message: string): FrontAnswer {
  const body = JSON.stringify({ error: { message, type: 'meter_error', code: status } });
  return { status, contentType: 'application/json', body };
}

export function jsonAnswer(value: unknown): FrontAnswer {
  return { status: 200, contentType: 'application/json', body: JSON.stringify(value) };
}

/** The bytes of an answer. */
export function renderAnswer(answer: FrontAnswer, keepAlive: boolean): Buffer {
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body, 'utf8') : answer.body;
  const head = renderHead(
    answer.status,
    {
      'content-type': answer.contentType,
      'content-length': String(body.length),
      ...(keepAlive ? {} : { connection: 'close' }),
    },
    answer.headers,
  );
  return Buffer.concat([Buffer.from(head, 'latin1'), body]);
}
