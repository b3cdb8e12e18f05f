/** A scenario to begin with: the same text is right in TypeScript and in JavaScript. */
export function scenarioTemplate(name: string): string {
  return `import { check } from 'k6';
import { defineScenario, users } from 'k6-llm/k6';

// Settings are environment variables: LLM_BASE_URL, LLM_MIX, LLM_VUS, ... (k6-llm doctor shows them all).
const scenario = defineScenario(
  {
    name: '${name}',
    // Or rate(2, '5m'), steps({ to: 50, count: 10, each: '30s' }), trace('requests.jsonl'), iterations(10).
    load: users(5, '30s'),
    // As k6 writes them, on its metrics, ours and your own; or the name of a profile: 'default', 'streaming', 'ci'.
    thresholds: { ai_latency_ms: ['p(95)<5000'], error_rate: ['rate<0.05'] },
    // What makes a request good (ai_goodput), in ms.
    slo: { latency: 8000 },
  },
  // What one user does, again and again.
  async (user) => {
    const question = user.pick(['Name three rivers of Europe.', 'Why is the sky blue?']);
    const answer = user.ask({ prompt: question, maxTokens: 200 });
    if (answer.ok) check(answer, { 'says something': ({ text }) => text.length > 10 });
    else console.warn(\`\${answer.error}: \${answer.message}\`);
    user.pause('1s-3s');
  },
);

// What k6 looks for in a script.
export const { options, setup, handleSummary, scrape } = scenario;
export default scenario;
`;
}

/** For editors and `tsc`: what k6 runs, with its types. */
export const TSCONFIG = `{
  "compilerOptions": {
    "target": "es2022",
    "lib": ["es2022"],
    "module": "esnext",
    "moduleResolution": "bundler",
    "types": ["k6", "k6-llm/globals"],
    "strict": true,
    "noEmit": true,
    "skipLibCheck": true
  },
  "include": ["*.ts"]
}
`;
