// Stands in for k6/x/sse inside k6, warts included: `open` calls back before it returns; after an error it returns
// only if the handler closed the client; names keep their CR; comments come as events with empty data; a body that is
// no stream comes as "unknown event" errors, a line each; a refused connection is a status of 0.

const delta = (text) => ({
  data: JSON.stringify({
    model: 'm',
    choices: [{ index: 0, delta: { content: text }, finish_reason: null }],
  }),
});
const finish = { data: JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }) };
const usage = { data: JSON.stringify({ choices: [], usage: { prompt_tokens: 9, completion_tokens: 3 } }) };
const done = { data: '[DONE]' };

/** What the n-th request of a VU meets. */
const ANSWERS = [
  {
    events: [
      { data: '', comment: 'PROCESSING' },
      { name: 'message\r', ...delta('Hi') },
      delta(' you'),
      finish,
      usage,
      done,
    ],
  },
  { events: [delta('Hi')], error: 'unexpected EOF' },
  {
    status: 401,
    errors: ['{', '"error": {"message": "bad key", "code": "invalid_api_key"}', '}'].map(
      (line) => `unknown event: ${line}`,
    ),
  },
  { status: 0, refused: 'dial tcp 127.0.0.1:1: connect: connection refused' },
  {
    events: [delta('Hi')],
    error: 'context deadline exceeded (Client.Timeout or context cancellation while reading body)',
  },
];

let requests = 0;

export function open(url, params, setup) {
  if (typeof params.timeout !== 'string' || params.method !== 'POST') throw new Error('hung: no time-out');
  if (!JSON.parse(params.body).stream) throw new Error('asked for no stream');
  const answer = ANSWERS[requests++ % ANSWERS.length];
  const handlers = {};
  let isClosed = false;
  setup({ on: (name, handler) => (handlers[name] = handler), close: () => (isClosed = true) });
  if (answer.refused !== undefined) return { status: 0, error: answer.refused, headers: {} };
  for (const event of answer.events ?? []) handlers.event(event);
  for (const text of answer.errors ?? []) handlers.error({ error: () => text });
  if (answer.error !== undefined) {
    handlers.error({ error: () => answer.error });
    if (!isClosed) throw new Error('hung: open never returns');
  }
  return { status: answer.status ?? 200, error: '', headers: { 'Content-Type': 'text/event-stream' } };
}
