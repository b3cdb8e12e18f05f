/** What a VU needs once an answer is not a plain one: the reader of all answers, words for failures, the transport of streams. */
export { attemptOf, unreadable } from '../../answer/http-answer.ts';
export { describeRedirect } from '../../answer/failure/redirect.ts';
export { logFailure } from './failure-log.ts';
export { recordWarnings } from './record-warnings.ts';
export { createSseTransport } from './transports/sse.ts';
export { secretPartsOf, secretsIn, withoutSecrets } from '../../answer/failure/secrets.ts';
export { wantedJson, whyInvalid } from '../../answer/invalid-output.ts';
