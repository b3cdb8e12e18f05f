import path from 'node:path';

/**
 * What some of the docs' commands need, by the command on one line and without its comment. A command that is not here
 * runs as it stands, and must end with 0.
 */
export type Circumstance =
  /** It cannot run in a test, for this reason. */
  | { not: string }
  /** It runs when the machine has this program, and the test says so aloud when it has not. */
  | { needs: 'influxd' | 'prometheus' }
  | {
      /** What a reader would have done before, as lines of a shell. */
      before?: string;
      /** It goes on in the background until it listens there. */
      listensOn?: number;
      /** Another exit code that is right, and why. */
      exit?: { codes: readonly number[]; why: string };
    };

const DOCKER = { not: 'needs Docker; the Dockerfile and the compose file are checked in test/deploy' };
const KUBECTL = { not: 'needs a cluster; the manifests are checked in test/deploy' };

const SEARCH = {
  not: 'takes minutes; test/run/search.test.ts runs shorter ones, another line here a small one',
};

/** Two runs of a second each may differ by more than the gate allows: what is shown is that it judges. */
const GATED = { codes: [0, 1, 3], why: 'the gate judges two very short runs' };

const node = (part: string, file: string): string =>
  `k6 run --execution-segment ${part} --execution-segment-sequence 0,1/3,2/3,1 --out json=${file} ` +
  '--tag testid=2026-11-25-stress dist/stress.js';

/** What a meter wrote of one stream. */
const RECORD = path.join(import.meta.dirname, '../fixtures/records/one-stream.jsonl');

/** Two that the docs' mocks can be. */
const PROVIDERS = JSON.stringify({
  providers: ['a', 'b'].map((name) => ({ name, provider: 'mock', model: 'gpt-4.1' })),
});

export const CIRCUMSTANCES: ReadonlyMap<string, Circumstance> = new Map<string, Circumstance>([
  ['npm ci && npm test', { not: 'is the run that this test is part of; .ci/run does just that' }],
  ['npm ci', { not: 'is run by the first lines of README.md, in the same clone' }],
  ['docker compose -f dashboards/docker-compose.yml up -d --wait', DOCKER],
  ['docker build -f deploy/Dockerfile -t k6-llm .', DOCKER],
  [
    'docker run --rm -e LLM_BASE_URL -e LLM_API_KEY -e LLM_MIX --user "$(id -u)" -v "$PWD/results:/results" k6-llm run baseline --stream',
    DOCKER,
  ],
  [
    'docker run --rm -i -e LLM_BASE_URL -e LLM_API_KEY -e LLM_RESULTS_DIR=/results --user "$(id -u)" -v "$PWD/dist:/dist:ro" -v "$PWD/results:/results" grafana/k6:1.1.0 run /dist/baseline.js',
    DOCKER,
  ],
  ['kubectl create secret generic k6-llm-key --from-literal=LLM_API_KEY="$LLM_API_KEY"', KUBECTL],
  ['kubectl create configmap k6-llm-stress --from-file=dist/stress.js', KUBECTL],
  ['kubectl apply -f deploy/k8s/testrun.yaml', KUBECTL],
  ['kubectl logs -f -l k6_cr=k6-llm-stress,runner=true', KUBECTL],
  ['kubectl apply -f deploy/k8s/merge-job.yaml', KUBECTL],
  ['kubectl wait --for=condition=complete job/k6-llm-merge', KUBECTL],
  [
    'k6 cloud run -e LLM_BASE_URL=https://llm.example.com/v1 -e LLM_MIX=gpt-4.1=70,deepseek-v3.2=30 dist/baseline.js',
    { not: 'needs an account of k6 Cloud; another test holds it against what --cloud writes' },
  ],
  [
    'npx k6-llm run baseline --cloud -- --local-execution',
    { before: 'export LLM_BASE_URL=https://llm.example.com/v1 LLM_MIX=gpt-4.1' },
  ],
  [
    'K6_BIN=/path/to/k6-with-sse LLM_STREAM=1 LLM_TRANSPORT=sse npx k6-llm run baseline',
    { not: 'needs a k6 with xk6-sse; test/k6 runs one where K6_BIN names it' },
  ],
  ['npx k6-llm run baseline --influxdb http://127.0.0.1:8086/k6', { needs: 'influxd' }],
  ['npx k6-llm run baseline --influxdb http://127.0.0.1:8086/bucket', { needs: 'influxd' }],
  [
    'npx k6-llm run baseline --influxdb http://127.0.0.1:8428/k6',
    { not: 'needs VictoriaMetrics; test/run meets a stand-in of it' },
  ],
  ['npx k6-llm run baseline --prometheus http://127.0.0.1:9090', { needs: 'prometheus' }],
  [
    'LLM_RATE=50 npx k6-llm run breakpoint --stream',
    { exit: { codes: [0, 99], why: 'it ends at what breaks, which a busy machine may' } },
  ],
  [
    'K6_INFLUXDB_ADDR=http://127.0.0.1:8086 K6_INFLUXDB_DB=k6 K6_INFLUXDB_TAGS_AS_FIELDS=vu:int,iter:int,url k6 run --out influxdb --tag testid=2026-11-25-baseline dist/baseline.js',
    { needs: 'influxd' },
  ],
  [
    'npx k6-llm report node-1.json.gz node-2.json.gz node-3.json.gz -o report.html',
    { before: `${node('1/3:2/3', 'node-2.json.gz')}; ${node('2/3:1', 'node-3.json.gz')}` },
  ],
  ['npx k6-llm mock --port 8787 --ttft normal:200:50 --tpot 20 --output-tokens 64 &', { listensOn: 8787 }],
  ['npx k6-llm meter --target http://127.0.0.1:8000/v1 --connections 100 &', { listensOn: 8788 }],
  ['npx k6-llm record --target http://127.0.0.1:8787/v1 --out sessions.jsonl &', { listensOn: 8789 }],
  ['npx k6-llm new checkout', { before: 'rm -f checkout.ts' }],
  [
    "npx k6-llm compare results/main results/pr --gate 'p95(ai_ttft_ms) +10%'",
    { before: 'rm -rf results/pr && cp -r results/main results/pr' },
  ],
  [
    'npx k6-llm compare results/a results/b results/c',
    { before: 'rm -rf results/c && cp -r results/a results/c' },
  ],
  ["npx k6-llm search --stream --slo 'p95(ai_ttft_ms)<1000; error_rate<1%'", SEARCH],
  ["npx k6-llm search mixed --by vus --slo 'p95(ai_latency_ms)<10s' --budget 2", SEARCH],
  ["npx k6-llm search --slo 'p95(ai_latency_ms)<5s'", SEARCH],
  [
    "LLM_INPUT_TOKENS=lognormal:1000:0.8 npx k6-llm search --stream --slo 'p95(ai_ttft_ms)<1000' --max 64",
    SEARCH,
  ],
  ['npx k6-llm search --resume', SEARCH],
  [
    'npx k6-llm doctor --calibrate',
    {
      not: 'takes a minute, and would be kept for this machine; test/run/calibrate.test.ts runs a part of it',
    },
  ],
  [
    "npx k6-llm search --slo 'p95(ai_latency_ms)<5s' --min 8 --max 16 --hold 3s",
    { exit: { codes: [0, 3], why: 'the mock takes more than --max, unless the machine is busy' } },
  ],
  ['npx k6-llm ab --providers providers.json --stream', { before: `echo '${PROVIDERS}' > providers.json` }],
  ['npx k6-llm mock --port 8787 &', { listensOn: 8787 }],
  ['node examples/rag-service.mjs &', { listensOn: 8790 }],
  [
    'LLM_VUS=20 npx k6-llm run ./examples/rag.ts --stream',
    {
      before:
        'node examples/rag-service.mjs & until (exec 3<>/dev/tcp/127.0.0.1/8790) 2> /dev/null; do sleep 0.1; done',
      exit: { codes: [0, 99], why: 'its service answers late on a busy machine' },
    },
  ],
  [
    'npx k6-llm doctor --config load.json --profile staging',
    {
      before: `printf '{"mix":"m","profiles":{"staging":{"base_url":"http://127.0.0.1:8787/v1"}}}' > load.json`,
    },
  ],
  ['npx k6-llm explain --rules record.jsonl', { before: `cp '${RECORD}' record.jsonl` }],
  ['LLM_THRESHOLDS=ci LLM_RESULTS_DIR=results/pr npx k6-llm run baseline', { before: 'rm -rf results/pr' }],
  [
    "npx k6-llm compare results/main results/pr --gate 'p95(ai_latency_ms) +15%' --markdown --junit gate.xml",
    { before: 'rm -rf results/main && cp -r results/pr results/main' },
  ],
  [
    "LLM_RESULTS_DIR=results/pr npx k6-llm run baseline --stream && npx k6-llm compare results/main results/pr --gate 'p95(ai_ttft_ms) +10%' --junit results/pr/gate.xml --markdown > comparison.md",
    { before: 'rm -rf results/pr', exit: GATED },
  ],
]);
