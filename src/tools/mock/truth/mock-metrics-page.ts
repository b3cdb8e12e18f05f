/** Upper edges of vLLM's histogram of first tokens, s (its `loggers.py`, 2026). */
const EDGES_SEC = [
  0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160,
];

/** How long requests took, as a metrics page tells it. */
export class PageHistogram {
  readonly #counts = EDGES_SEC.map(() => 0);
  #count = 0;
  #sumSec = 0;

  add(ms: number): void {
    const seconds = Math.max(0, ms) / 1000;
    this.#count += 1;
    this.#sumSec += seconds;
    const index = EDGES_SEC.findIndex((edge) => seconds <= edge);
    if (index >= 0) this.#counts[index] = (this.#counts[index] ?? 0) + 1;
  }

  lines(name: string): string[] {
    let below = 0;
    const buckets = EDGES_SEC.map((edge, index) => {
      below += this.#counts[index] ?? 0;
      return `${name}_bucket{engine="0",le="${edge}"} ${below}`;
    });
    return [
      `# TYPE ${name} histogram`,
      ...buckets,
      `${name}_bucket{engine="0",le="+Inf"} ${this.#count}`,
      `${name}_count{engine="0"} ${this.#count}`,
      `${name}_sum{engine="0"} ${this.#sumSec}`,
    ];
  }
}

/** What the mock does now and has done, under the names that vLLM has for it. */
export function metricsPage(told: {
  running: number;
  waiting: number;
  firstTokens: PageHistogram;
  queueTimes: PageHistogram;
}): string {
  const gauge = (name: string, value: number): string[] => [
    `# TYPE ${name} gauge`,
    `${name}{engine="0"} ${value}`,
  ];
  const lines = [
    ...gauge('vllm:num_requests_running', told.running),
    ...gauge('vllm:num_requests_waiting', told.waiting),
    ...told.firstTokens.lines('vllm:time_to_first_token_seconds'),
    ...told.queueTimes.lines('vllm:request_queue_time_seconds'),
  ];
  return `${lines.join('\n')}\n`;
}
