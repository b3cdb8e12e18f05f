import http from 'k6/http';
import { readBlockingAnswer } from '../../src/lib/answer/blocking-answer.ts';
import { createPlainReader } from '../../src/lib/kinds/chat/plain-answer.ts';

export const options = {
  scenarios: { main: { executor: 'shared-iterations', vus: 1, iterations: 1, exec: 'main' } },
};

/** Asks for each body, and says which ones the quick reader takes, and where the two readers disagree. */
export function main(): void {
  const read = createPlainReader();
  const taken: number[] = [];
  const disagreed: number[] = [];
  const { COUNT, BASE_URL } = __ENV;
  for (let index = 0; index < Number(COUNT); index++) {
    const response = http.get(`${BASE_URL}/${index}`, { responseType: 'text' });
    const plain = read(response);
    if (plain === null) continue;
    taken.push(index);
    const full = readBlockingAnswer({ status: 200, headers: {}, bodyText: response.body ?? '' });
    const { usage, answeredModel, finishReason, answer: text } = full;
    const same = JSON.stringify({ usage, answeredModel, finishReason, text }) === JSON.stringify(plain);
    if (!same || full.outcome.kind !== 'ok') disagreed.push(index);
  }
  console.log(`READ ${JSON.stringify({ taken, disagreed })} END`);
}
