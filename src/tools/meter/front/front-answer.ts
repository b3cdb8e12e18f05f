import { STATUS_CODES } from 'node:http';
import type { Header } from '../../http1/message-head.ts';

/** An answer to k6, whole. */
export type FrontAnswer = {
  status: number;
  contentType: string;
  headers?: readonly Header[];
  body: string | Buffer;
};

/** A JSON answer in the shape of OpenAI's errors, which every client prints. */
export function errorAnswer(status: number, message: string): FrontAnswer {
  const body = JSON.stringify({ error: { message, type: 'meter_error', code: status } });
  return { status, contentType: 'application/json', body };
}

export function jsonAnswer(value: unknown): FrontAnswer {
  return { status: 200, contentType: 'application/json', body: JSON.stringify(value) };
}

/** The bytes of an answer. */
export function renderAnswer(answer: FrontAnswer, keepAlive: boolean): Buffer {
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body, 'utf8') : answer.body;
  let head = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}\r\ncontent-type: ${answer.contentType}\r\ncontent-length: ${body.length}\r\n`;
  if (!keepAlive) head += 'connection: close\r\n';
  for (const [name, value] of answer.headers ?? []) head += `${name}: ${value}\r\n`;
  return Buffer.concat([Buffer.from(`${head}\r\n`, 'latin1'), body]);
}
