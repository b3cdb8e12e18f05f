import { ConfigError } from '../../../lib/parse/config-error.ts';
import type { Random } from '../../../lib/numbers/random.ts';
import { FAULT_NAMES, FAULT_SPECS, NO_FAULTS, isFaultName, type FaultName, type FaultSet } from './faults.ts';

/** A fault that some share of the requests gets. */
export type FaultRule = {
  name: FaultName;
  param: number;
  /** 0 to 1. */
  ratio: number;
  /** Only requests for this model; null: all. */
  model: string | null;
};

/**
 * Reads `NAME=RATIO`, `NAME:NUMBER=RATIO` or `NAME=RATIO@MODEL`. Throws ConfigError.
 */
export function parseFaultRule(text: string): FaultRule {
  const match = /^([a-z0-9_]+)(?::(\d+))?=(\d*\.?\d+)(?:@(.+))?$/.exec(text.trim());
  const name = match?.[1] ?? '';
  const ratio = Number(match?.[3] ?? NaN);
  if (!isFaultName(name) || !(ratio <= 1)) {
    throw new ConfigError({
      setting: '--fault',
      got: text,
      expected: `NAME=RATIO, NAME:NUMBER=RATIO or NAME=RATIO@MODEL, a ratio of 0 to 1, a name of ${FAULT_NAMES.join(', ')}`,
      example: '--fault rate_limit_seconds=0.05',
    });
  }
  return { name, ratio, param: paramOf(name, match?.[2]), model: match?.[4] ?? null };
}

/**
 * Reads the header `x-mock-fault`: names, each with `:NUMBER` if wanted, separated by commas. Returns a line
 * for people if it cannot.
 */
export function parseFaultHeader(text: string): FaultSet | string {
  const faults = new Map<FaultName, number>();
  for (const part of text.split(',')) {
    const match = /^([a-z0-9_]+)(?::(\d{1,9}))?$/.exec(part.trim());
    const name = match?.[1] ?? '';
    if (!isFaultName(name)) {
      return `x-mock-fault: expected NAME or NAME:NUMBER of ${FAULT_NAMES.join(', ')}; write x-mock-fault: stall:500`;
    }
    faults.set(name, paramOf(name, match?.[2]));
  }
  return faults;
}

/**
 * Checks that the rules can all hold: of `answer` and `ending` faults a request gets one, so their ratios may
 * add up to 1 at most. Throws ConfigError.
 */
export function checkFaultRules(rules: readonly FaultRule[]): void {
  const exclusive = rules.filter(({ name }) => isExclusive(name));
  const models = new Set(exclusive.map(({ model }) => model));
  for (const model of models) {
    const sum = exclusive
      .filter((rule) => rule.model === null || rule.model === model)
      .reduce((total, rule) => total + rule.ratio, 0);
    if (sum > 1 + 1e-9) {
      throw new ConfigError({
        setting: '--fault',
        got: rules.map(({ name, ratio }) => `${name}=${ratio}`).join(' '),
        expected: `ratios that add up to 1 at most, here ${sum}`,
        example: '--fault server_500=0.1 --fault reset=0.1',
      });
    }
  }
}

/** Draws the faults of one request: one number for all `answer` and `ending` rules, one for each other rule. */
export function drawFaults(rules: readonly FaultRule[], model: string, random: Random): FaultSet {
  if (rules.length === 0) return NO_FAULTS;
  const faults = new Map<FaultName, number>();
  const exclusive = random.next();
  let before = 0;
  for (const rule of rules) {
    const unit = isExclusive(rule.name) ? exclusive - before : random.next();
    if (rule.model !== null && rule.model !== model) continue;
    if (unit >= 0 && unit < rule.ratio) faults.set(rule.name, rule.param);
    if (isExclusive(rule.name)) before += rule.ratio;
  }
  return faults;
}

function isExclusive(name: FaultName): boolean {
  const { group } = FAULT_SPECS[name];
  return group === 'answer' || group === 'ending';
}

function paramOf(name: FaultName, text: string | undefined): number {
  return text === undefined ? (FAULT_SPECS[name].param?.default ?? 0) : Number(text);
}
