// A service that answers from documents: a user logs in once, looks documents up, and asks a model about them.
//
//   node examples/rag-service.mjs &        a service to try it on
//   npx k6-llm run ./examples/rag.ts
import { check } from 'k6';
import http from 'k6/http';
import { Trend } from 'k6/metrics';
import { defineScenario, users } from 'k6-llm/k6';

const SERVICE = __ENV['RAG_URL'] ?? 'http://127.0.0.1:8790';
const QUESTIONS = [
  'How long may I return a parcel?',
  'Who pays for the way back?',
  'When do I get my money back?',
  'May I return a gift card?',
];

/** What a person waits for: documents and answer together. */
const ragAnswerMs = new Trend('rag_answer_ms', true);

/** Every VU has its own: a user logs in once. */
let token = '';

const scenario = defineScenario(
  {
    name: 'rag',
    load: users({
      stages: [
        { duration: '10s', target: 5 },
        { duration: '50s', target: 5 },
      ],
    }),
    steps: ['login', 'retrieve'],
    thresholds: {
      rag_answer_ms: ['p(95)<6000'],
      'ai_step_ms{name:retrieve}': ['p(95)<500'],
      error_rate: ['rate<0.05'],
      checks: ['rate>0.95'],
    },
    slo: { latency: 5000 },
    pause: '1s-3s',
  },
  async (user) => {
    if (token === '') token = user.step('login', () => logIn(`user-${user.id}`));
    const question = user.pick(QUESTIONS);
    const beganAt = Date.now();
    const found = user.step('retrieve', () => search(question));
    if (!check(found, { 'documents found': ({ status }) => status === 200 })) return;
    const documents = found.json('documents') as string[];
    const answer = user.ask({
      system: `Answer in two sentences, from these documents alone:\n\n${documents.join('\n\n')}`,
      prompt: question,
      maxTokens: 150,
    });
    if (answer.ok) {
      ragAnswerMs.add(Date.now() - beganAt);
      check(answer, { 'an answer, not a stub': ({ text }) => text.length > 20 });
    }
    user.pause();
  },
);

function logIn(name: string): string {
  const response = http.post(`${SERVICE}/login`, JSON.stringify({ name }), { headers: json() });
  return String(response.json('token'));
}

function search(query: string) {
  const headers = { ...json(), authorization: `Bearer ${token}` };
  return http.post(`${SERVICE}/search`, JSON.stringify({ query }), { headers });
}

function json(): Record<string, string> {
  return { 'content-type': 'application/json' };
}

export const { options, setup, handleSummary, scrape } = scenario;
export default scenario;
