import { ConfigError } from '../../../parse/config-error.ts';
import { formatUsd } from '../../../text/format.ts';
import { inProviderFile } from '../../../settings/provider-words.ts';
import type { FailedProvider } from '../../../summary/setup-record.ts';
import type { SideCount } from '../../../summary/summary.ts';
import type { AskedProvider } from '../../provider-file.ts';
import type { ReadyProvider } from '../../vu/setup-data.ts';
import type { PlannedRun } from '../plan-run.ts';
import { CannotStart, ProvidersFailed } from './cannot-start.ts';
import type { Preflight } from './preflight.ts';
import { worstCase } from './too-small-budget.ts';

type PreflightAnswer = { found: Preflight; notes: readonly string[] };

/** What was found out of all: by provider where it differs, and what was spent by model. */
type AskedAll = PreflightAnswer & { ready: readonly ReadyProvider[]; failed: readonly FailedProvider[] };

/**
 * Asks each provider what one target is asked before a load.
 *
 * @param ask asks a run of that provider alone.
 * @throws ProvidersFailed where one fails and is not to be left out, or fewer than two are left.
 */
export function askProviders(
  run: PlannedRun,
  ask: (own: PlannedRun, apiKey: string | null) => PreflightAnswer,
): AskedAll {
  const providers = run.providers ?? [];
  refuseTooSmallForAll(run, providers);
  const failed: FailedProvider[] = [];
  const answered: { provider: AskedProvider; asked: PreflightAnswer }[] = [];
  for (const [index, provider] of providers.entries()) {
    try {
      answered.push({ provider, asked: ask(ownRun(run, provider, index === 0), provider.key()) });
    } catch (error) {
      if (!(error instanceof CannotStart || error instanceof ConfigError)) throw error;
      failed.push({ name: provider.name, reason: wordsFor(provider, error.message) });
    }
  }
  if (failed.length > 0) refuseFailed(run, failed, answered.length);
  const notes = failed.map(({ name, reason }) => `${name} is left out: ${reason}`);
  return { ...together(answered), notes: [...notes, ...notesOf(answered)], failed };
}

function wordsFor({ settings, keyVariable }: AskedProvider, message: string): string {
  return inProviderFile(message, { file: settings.providersFile ?? '', keyVariable });
}

/** A run that is to ask several, and was told none. */
export function withoutProviders(): ConfigError {
  return new ConfigError({
    setting: 'LLM_PROVIDERS',
    got: '',
    expected: 'a file of at least two providers',
    example: 'LLM_PROVIDERS=/data/providers.json (docs/formats.md), or k6-llm ab --providers providers.json',
  });
}

/** A run of one of them; prompts are made as long as the first one counts. */
function ownRun(run: PlannedRun, { settings, pricing }: AskedProvider, isFirst: boolean): PlannedRun {
  const preflight = isFirst
    ? settings.preflight
    : settings.preflight.filter((question) => question !== 'lengths' && question !== 'metrics');
  const { kind } = settings;
  return { ...run, providers: null, pricing, kinds: [kind], settings: { ...settings, preflight } };
}

function refuseFailed({ settings }: PlannedRun, failed: readonly FailedProvider[], left: number): void {
  const reasons = failed.map(({ name, reason }) => `${name} failed at the start: ${reason}`).join('; ');
  if (settings.failedProviders === 'stop') {
    throw new ProvidersFailed(
      `${reasons}; LLM_PROVIDERS_FAILED=leave-out (k6-llm ab --leave-out-failed) compares the others`,
      failed,
    );
  }
  if (left < 2) throw new ProvidersFailed(`${reasons}; ${left} left, and it takes two to compare`, failed);
}

function notesOf(answered: readonly { provider: AskedProvider; asked: PreflightAnswer }[]): string[] {
  return answered.flatMap(({ provider, asked }) =>
    [...asked.notes].map((note) => `${provider.name}: ${wordsFor(provider, note)}`),
  );
}

function together(
  answered: readonly { provider: AskedProvider; asked: PreflightAnswer }[],
): Pick<AskedAll, 'found' | 'ready'> {
  const spent = new Map<string, SideCount>();
  for (const { asked } of answered) {
    for (const [model, count] of Object.entries(asked.found.spent)) {
      spent.set(model, plus(spent.get(model), count));
    }
  }
  const [first] = answered;
  return {
    ready: answered.map(({ provider, asked }) => ({
      name: provider.name,
      adaptations: asked.found.adaptations,
    })),
    found: {
      adaptations: {},
      spent: Object.fromEntries(spent),
      notes: [],
      answeredNames: answered.flatMap(({ asked }) => [...asked.found.answeredNames]),
      unanswered: new Set(
        answered.flatMap(({ provider, asked }) =>
          asked.found.unanswered.has(provider.model) ? [provider.name] : [],
        ),
      ),
      measured: new Map(
        answered.flatMap(({ provider, asked }) => {
          const measured = asked.found.measured.get(provider.model);
          return measured === undefined ? [] : [[provider.name, measured] as const];
        }),
      ),
      correctionRatio: first?.asked.found.correctionRatio ?? 1,
    },
  };
}

function plus(before: SideCount | undefined, more: SideCount): SideCount {
  if (before === undefined) return more;
  const known = [before.costUsd, more.costUsd].filter((usd) => usd !== null);
  return {
    requests: before.requests + more.requests,
    inputTokens: before.inputTokens + more.inputTokens,
    outputTokens: before.outputTokens + more.outputTokens,
    costUsd: known.length === 0 ? null : known.reduce((total, usd) => total + usd, 0),
  };
}

/** @throws CannotStart for a budget that one prompt to all of them may pass. */
function refuseTooSmallForAll(run: PlannedRun, providers: readonly AskedProvider[]): void {
  const { budgetUsd } = run.settings;
  if (budgetUsd === null) return;
  const worst = providers.flatMap(
    (provider) => worstCase(ownRun(run, provider, false), provider.model) ?? [],
  );
  const worstUsd = worst.reduce((total, one) => total + one.worstUsd, 0);
  if (worstUsd <= budgetUsd) return;
  throw new CannotStart(
    `LLM_BUDGET_USD: got ${formatUsd(budgetUsd)}; one prompt to every provider may cost ${formatUsd(worstUsd)}, its answers as long as LLM_MAX_TOKENS allows; raise the one or lower the other`,
  );
}
