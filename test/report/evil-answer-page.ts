import { answerPage } from '../../src/tools/answers/answer-page.ts';
import { madeFacts } from '../../src/tools/search/made-facts.ts';
import { worldStep } from '../../src/tools/search/made-world.ts';
import { triedLoads } from '../../src/tools/search/next-step.ts';
import { searchAnswer } from '../../src/tools/search/search-answer.ts';
import { searchPage } from '../../src/tools/search/search-page.ts';
import { parseServiceLevel } from '../../src/tools/search/service-level.ts';

/** The page of a search whose texts come from someone who means ill. */
export function evilAnswerPage(evil: string): string {
  const terms = parseServiceLevel('p95(ai_latency_ms)<1000', madeFacts());
  const steps = [16, 32, 64].map((load, at) =>
    worldStep({ slots: 16, serviceMs: () => 400 }, terms, {
      number: at + 1,
      load,
      length: 'full',
      times: { warmupMs: 0, holdMs: 20_000, expectedLatencyMs: null },
    }),
  );
  const answer = searchAnswer({
    tried: triedLoads(steps, terms),
    end: { kind: 'failed', reason: evil },
    unit: 'requests/s',
    slo: [evil, evil],
  });
  return answerPage(answer, searchPage(answer, { facts: [evil], notes: [evil], terms }));
}
