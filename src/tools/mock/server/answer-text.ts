import { asciiJson } from '../../../lib/kinds/mock/ascii-json.ts';
import { renderHead } from '../../http1/render-head.ts';

/** One chunk of a chunked body; `text` is ASCII and not empty. */
export function chunk(text: string): string {
  return `${text.length.toString(16)}\r\n${text}\r\n`;
}

/** What ends a chunked body. */
export const LAST_CHUNK = '0\r\n\r\n';

/** A whole answer to something that is not a request: the connection ends with it. */
export function renderError(status: number, message: string): string {
  const body = asciiJson({ error: { message, type: 'invalid_request_error', param: null, code: null } });
  return (
    renderHead(status, {
      'content-type': 'application/json',
      'content-length': String(body.length),
      connection: 'close',
    }) + body
  );
}
