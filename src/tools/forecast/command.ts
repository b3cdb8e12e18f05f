import path from 'node:path';
import { parseMix } from '../../lib/prompts/mix.ts';
import { plainJsonText } from '../../lib/text/plain-text.ts';
import { wrap } from '../../lib/text/table.ts';
import { takeAnswerFolder, writeAnswer } from '../answers/answer-folder.ts';
import { writePendingAnswer } from '../answers/pending-answer.ts';
import { defineCommand, EXIT_USAGE, UsageError } from '../cli/define-command.ts';
import { readNumber } from '../cli/read-number.ts';
import { findK6OrTell } from '../k6/find-or-tell.ts';
import { killedText, wasInterrupted } from '../run/ended-by.ts';
import { builtScript } from '../run/built-script.ts';
import { refuseOddFiles } from '../run/run-environment.ts';
import { openInput } from '../results/read/open-input.ts';
import { InputError, type RunData } from '../results/read/run-data.ts';
import { readDailyVolume } from './daily-volume.ts';
import {
  answerForecast,
  FORECAST_QUESTION,
  type ForecastAnswer,
  type ForecastRequest,
} from './forecast-answer.ts';
import { forecastPage } from './forecast-page.ts';
import { renderCostForecast } from './render-cost-forecast.ts';
import { planSample, runSample } from './sample-run.ts';

const DEFAULT_SAMPLE = 30;
const DEFAULT_DAYS = 30;

/** `k6-llm forecast`: what a day and a month of requests cost, by requests that were measured. */
export const command = defineCommand({
  name: 'forecast',
  summary: 'Tells what requests cost by day and month, from a run or a small sample.',
  usage: '[scenario] [flags]',
  flags: {
    'requests-per-day': { type: 'string', value: 'N', help: 'how many there are (default 1000)' },
    users: { type: 'string', value: 'N', help: 'or: so many users, with --per-user-per-day' },
    'per-user-per-day': { type: 'string', value: 'N', help: 'requests of one user a day' },
    mix: {
      type: 'string',
      multiple: true,
      value: 'MIX',
      help: 'what another mix would cost, beside: gpt-4.1=20,deepseek-v3.2=80',
    },
    from: { type: 'string', value: 'RESULTS', help: 'a measured run; nothing is sent' },
    days: { type: 'string', value: 'N', help: `of a month (default ${DEFAULT_DAYS})` },
    sample: {
      type: 'string',
      value: 'N',
      help: `requests to send without --from (default ${DEFAULT_SAMPLE})`,
    },
    stream: { type: 'boolean', help: 'ask for streamed answers in the sample' },
    json: { type: 'boolean', help: 'print JSON' },
  },
  details: `
Without --from it sends a few requests of the scenario (default smoke), each model of LLM_MIX and of every --mix as often
as the others, and forecasts LLM_MIX. With --from it takes what a run measured: anything that k6-llm report takes.

  k6-llm forecast --from results/soak --requests-per-day 20000
  k6-llm forecast --users 200 --per-user-per-day 30 --mix deepseek-v3.2

Cached input and tiers cost what they cost in that run, request by request. LLM_PRICES names prices that win.
The answer goes to LLM_RESULTS_DIR, else to results/<time>-forecast/: answer.json, answer.md, answer.html.

Exit codes: 0 answered; 2 wrong usage, nothing was sent; 105 interrupted, the answer is partial; k6's own where the
sample brought no answer.`,
  run: async ({ values, operands }) => {
    const [scenario = 'smoke', ...more] = operands;
    if (more.length > 0)
      throw new UsageError('expected one scenario at most; write k6-llm forecast baseline');
    const otherMixes = (values.mix ?? []).map((text) => parseMix(text, '--mix'));
    const wanted: ForecastRequest = {
      volume: readDailyVolume(values),
      days: readNumber('--days', values.days, { fallback: DEFAULT_DAYS, min: 1, max: 3660 }),
      mix: null,
      otherMixes,
      pricesFile: (process.env['LLM_PRICES'] ?? '').trim() || null,
    };
    const asJson = values.json === true;
    refuseOddFiles({ LLM_PRICES: wanted.pricesFile === null ? '' : path.resolve(wanted.pricesFile) });
    if (values.from !== undefined) {
      const flag = values.sample !== undefined ? '--sample' : values.stream === true ? '--stream' : null;
      if (flag !== null)
        throw new UsageError(`${flag}: got it with --from, which sends nothing; leave one out`);
      if (operands.length > 0) console.error(`--from tells the requests; ${scenario} is not run`);
      const answer = await answerForecast(await openRun(values.from), wanted, {
        isSample: false,
        isPartial: false,
      });
      return inFolder((folder) => giveAnswer(folder, answer, asJson));
    }
    const requests = readNumber('--sample', values.sample, { fallback: DEFAULT_SAMPLE, min: 1, max: 10_000 });
    const plan = planSample(await builtScript(scenario), {
      requests,
      stream: values.stream === true,
      otherMixes,
    });
    const k6 = await findK6OrTell('forecast');
    if (k6 === null) return EXIT_USAGE;
    return inFolder(async (folder) => {
      await writePendingAnswer<ForecastAnswer>(folder, { question: FORECAST_QUESTION, forecast: null });
      const exitCode = await runSample(plan, { k6, folder });
      const isPartial = wasInterrupted(exitCode) || killedText(exitCode) !== null;
      const answer = await answerOrNull(folder, { ...wanted, mix: plan.mix }, isPartial);
      if (answer === null) return exitCode === 0 ? EXIT_NOTHING : exitCode;
      await giveAnswer(folder, answer, asJson);
      return isPartial ? exitCode : 0;
    });
  },
});

/** Setup's, where nothing was answered. */
const EXIT_NOTHING = 107;

async function inFolder(work: (folder: string) => Promise<number>): Promise<number> {
  const say = (line: string): void => console.error(line);
  const taken = await takeAnswerFolder('forecast', { env: process.env, now: new Date(), say });
  try {
    return await work(taken.folder);
  } finally {
    taken.release();
  }
}

/** null, and it is said, where the sample brought nothing. */
async function answerOrNull(
  folder: string,
  wanted: ForecastRequest,
  isPartial: boolean,
): Promise<ForecastAnswer | null> {
  try {
    return await answerForecast(await openRun(folder), wanted, { isSample: true, isPartial });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`no forecast: ${error.message}`);
    return null;
  }
}

async function openRun(input: string): Promise<RunData> {
  try {
    const [run, ...more] = await openInput(input);
    if (run !== undefined && more.length === 0) return run;
    throw new UsageError(
      `--from: ${input} holds ${more.length + 1} runs; expected one; write k6-llm forecast --from ${input}/baseline`,
    );
  } catch (error) {
    throw error instanceof InputError ? new UsageError(`--from: ${error.message}`) : error;
  }
}

async function giveAnswer(folder: string, answer: ForecastAnswer, asJson: boolean): Promise<number> {
  const { forecast, sentence } = answer;
  const table = forecast === null ? '' : renderCostForecast(forecast);
  const page = forecast === null ? null : forecastPage(forecast);
  await writeAnswer(folder, answer, { table, page });
  console.error(`answer: ${folder}/answer.json, answer.md, answer.html`);
  console.log(
    asJson ? plainJsonText(JSON.stringify(answer, null, 2)) : `${wrap(sentence, 80).join('\n')}\n\n${table}`,
  );
  return 0;
}
