/** Header lines of an answer, by name. */
export type HeaderLines = Readonly<Record<string, string>>;

const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Content Too Large',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  505: 'HTTP Version Not Supported',
  529: 'Overloaded',
};

/** JSON with every character outside ASCII escaped, so that its length in characters is that in bytes. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Status line and headers, the empty line included. */
export function renderHead(status: number, headers: HeaderLines): string {
  let head = `HTTP/1.1 ${status} ${REASONS[status] ?? 'Unknown'}\r\n`;
  for (const name in headers) head += `${name}: ${headers[name] ?? ''}\r\n`;
  return `${head}\r\n`;
}

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
