import { CATALOG, SETTING_SECTIONS } from '../../lib/settings/catalog.ts';
import { configSchema } from '../config/config-schema.ts';
import { METRIC_NAMES, METRIC_SPECS } from '../../lib/metrics/metric-list.ts';
import { WARNINGS } from '../../lib/answer/answer-warnings.ts';
import { COUNTED_WARNINGS } from '../../lib/metrics/submetrics.ts';
import { METRIC_MEANINGS } from '../../lib/metrics/metric-meanings.ts';
import { type FieldKind, SAMPLE_FIELDS } from '../../lib/samples/sample-fields.ts';
import { PROVIDER_SOURCES } from '../../lib/request/provider-sources.ts';
import { describeQuirks } from '../../lib/request/describe-quirks.ts';
import { type Provider, PROVIDER_NAMES, PROVIDERS } from '../../lib/request/providers.ts';

/** Pages that are written from the code, so that they cannot say anything else. */
export function generatedDocs(): { file: string; text: string }[] {
  return [
    { file: 'docs/settings.md', text: settingsPage() },
    { file: 'docs/metrics.md', text: metricsPage() },
    { file: 'docs/samples.md', text: samplesPage() },
    { file: 'docs/config.schema.json', text: `${JSON.stringify(configSchema(), null, 2)}\n` },
  ];
}

function settingsPage(): string {
  const sections = SETTING_SECTIONS.map(({ title, names }) => {
    const rows = names.map((name) => {
      const { defaultText, meaning } = CATALOG[name];
      return `| \`${name}\` | ${defaultText === '' ? '' : `\`${defaultText}\``} | ${meaning} |`;
    });
    return `## ${title}\n\n| variable | default | meaning |\n|---|---|---|\n${rows.join('\n')}`;
  });
  return `${GENERATED}
# Settings

All settings are environment variables: the shell's, or \`k6 run -e NAME=value\`. They are read in one place and
checked once, before the first request; a wrong value stops the run with a message that names the variable, what it
was, what is allowed and a line that works. An empty value means the default. \`npx k6-llm doctor\` shows every one
as it is resolved.

- The key belongs into the shell's environment (or k6's secrets), not into \`-e\`: k6 stores \`-e\` values in archives.
- A path is absolute, or relative to the bundle: that is how k6's \`open()\` works. \`k6-llm run\` makes paths absolute.
- Durations have a unit: \`500ms\`, \`30s\`, \`2m\`, \`1h\`. Lengths may be distributions: \`200\`, \`normal:200:50\`,
  \`uniform:50:400\`, \`lognormal:MEDIAN:SIGMA\`.
- \`k6 archive\` and \`k6 cloud run\` freeze the load and the thresholds; a run whose settings differ from those it was
  archived with is stopped.

${sections.join('\n\n')}

## Presets of LLM_PROVIDER

| preset | base URL | key | kinds | what is its own |
|---|---|---|---|---|
${PROVIDER_NAMES.map(providerRow).join('\n')}

\`LLM_API_KEY\` wins over a preset's own variable. The wire \`anthropic\` is \`POST /v1/messages\` with \`x-api-key\`.
Where a base URL is the user's, its host may stand alone: what begins its paths is the preset's. On Azure the models of
\`LLM_MIX\` are names of deployments; an address of one deployment (\`…/openai/deployments/NAME\`) takes one model. Usage is
read wherever a server puts it, whatever the preset. \`LLM_TOKEN_PARAM\` and \`LLM_EXTRA_BODY\` win over a preset, and what
a model refuses by name is found out before the load.

Where these facts stand, and when they were read:

${PROVIDER_NAMES.map(sourceLine)
  .filter((line) => line !== null)
  .join('\n')}
`;
}

function providerRow(name: (typeof PROVIDER_NAMES)[number]): string {
  const preset: Provider = PROVIDERS[name];
  const { baseUrl, exampleUrl, keyVariable, kinds } = preset;
  const url = baseUrl ?? `\`LLM_BASE_URL\`, as ${exampleUrl}`;
  const key = keyVariable === null ? '' : `\`${keyVariable}\``;
  return `| \`${name}\` | ${url} | ${key} | ${kinds.join(', ')} | ${describeQuirks(preset).join('; ')} |`;
}

function sourceLine(name: (typeof PROVIDER_NAMES)[number]): string | null {
  const source = PROVIDER_SOURCES[name];
  return source === null ? null : `- \`${name}\`: ${source}`;
}

function metricsPage(): string {
  const rows = METRIC_NAMES.map((name) => {
    const { type, unit, tags, needsEventTimes } = METRIC_SPECS[name];
    const extra = tags === undefined ? '' : ` Tag ${tags.map((tag) => `\`${tag}\``).join(', ')}.`;
    return `| \`${name}\` | ${type} | ${unit} | ${METRIC_MEANINGS[name]}${extra} | ${needsEventTimes === true ? 'sse, meter' : 'all'} |`;
  });
  return `${GENERATED}
# Metrics

Every sample carries \`model\` (the name in the mix), \`provider\`, \`stream\`, \`test_type\` (the scenario's part) and
\`phase\` (\`warmup\`, \`main\`); where they apply \`turn\`, \`kind\`, \`cache\`, \`window\`, \`step\`, \`start\`. No id, prompt or message
is ever a tag. k6's own HTTP metrics carry \`name\`: \`llm\`, \`warmup\`, \`preflight\` or \`scrape\`, never a URL.

Durations are in ms, money in US dollars. Latency, TTFT and TPOT have samples of successful requests only: read them
with \`error_rate\` beside them. Requests of the warm-up are counted and give no sample to any Trend or Rate.

| metric | type | unit | meaning | transports |
|---|---|---|---|---|
${rows.join('\n')}

## Kinds of errors

| kind | what it is | retried |
|---|---|---|
| \`rate_limited\` | 429 | yes |
| \`quota\` | a spent quota: 402, 429 \`insufficient_quota\` | no |
| \`auth\` | 401, 403 | no |
| \`bad_request\` | other 4xx | no |
| \`server\` | 5xx, or an error body that says as much | yes |
| \`overloaded\` | 529, \`overloaded_error\` | yes |
| \`timeout\` | 408, 504, 524, or no answer within \`LLM_TIMEOUT\` | yes |
| \`network\` | refused, reset before an answer, DNS | yes |
| \`stream_error\` | an error event inside a stream | before any output |
| \`truncated\` | an answer that broke off before its end mark | before any output |
| \`empty\` | an answer without text, tool call or tokens | yes |
| \`invalid\` | a body that is not an answer: HTML, broken JSON, no choice | no |
| \`content_filter\` | the provider withheld the answer | no |

A finish reason that names a failure makes one of the kind that it names, in any spelling and shape: \`abort\`,
\`network_error\` (\`stream_error\` in a stream, else \`server\`), \`insufficient_system_resource\` (\`overloaded\`), \`SPII\`,
\`guardrail_intervened\` (\`content_filter\`). One that nobody knows counts as it came and is in \`ai_unknown_finish\`.

## Kinds of warnings

What looked odd in an answer that was read all the same, by request, in \`ai_warnings\` and in \`totals.warnings\`. The first
of each kind is told in the log; \`k6-llm explain\` shows them for one answer.

| kind | what it is |
|---|---|
${COUNTED_WARNINGS.map((kind) => `| \`${kind}\` | ${WARNINGS[kind]} |`).join('\n')}
`;
}

function samplesPage(): string {
  const rows = SAMPLE_FIELDS.map(([name, kind, meaning, metric], index) => {
    const as = metric === undefined ? '' : `As \`${metric}\`. `;
    return `| ${index + 1} | \`${name}\` | ${CELLS[kind]} | ${`${as}${meaning}`.trim()} |`;
  });
  return `${GENERATED}
# Samples

A line of \`samples.jsonl\` that begins with \`["llm-s2",\` is one attempt: a JSON array with these values behind the marker,
in this order. The run's own header, \`["llm-h1",\`, names them too (\`fields\`). A later version may put more behind them.
Figures are those of [metrics.md](metrics.md) under the same names.

| place | field | value | meaning |
|---|---|---|---|
${rows.join('\n')}

All requests of a run by status: \`jq -rR 'fromjson? | arrays | select(.[0] == "llm-s2") | .[7]' samples.jsonl | sort | uniq -c\`.
`;
}

const CELLS: Readonly<Record<FieldKind, string>> = {
  time: 'ms',
  ms: 'ms, or null',
  number: 'number, or null',
  count: 'number',
  name: 'text',
  label: 'text, or null',
  flag: '1 or 0',
  verdict: '1, 0, or null',
  phase: '1 or 0',
  outcome: 'text',
  uncharged: 'text, or null',
  parts: 'list of ms or null, or null',
  warnings: 'list of texts, or 0',
};

const GENERATED =
  '<!-- Written by npm run docs from the code; edit src/tools/docs/generated-docs.ts instead. -->\n';
