import { jUnit, textSummary } from '#summary-renderers';
import { buildSummary, type RunContext } from '../../summary/build-summary.ts';
import { renderMarkdown } from '../../summary/render/render-markdown.ts';
import { withSummary } from '../../summary/render/jslib-renderers.ts';

/** k6's `handleSummary` return value: text by file path, `stdout` for the terminal. */
type Files = Record<string, string>;

/**
 * Writes `summary.json`, `summary.md`, `junit.xml` and the table. Each by itself: whatever goes wrong with a
 * pretty one, the machine-readable file is there.
 */
export function handleSummary(data: unknown, context: RunContext, resultsDir: string): Files {
  const summary = buildSummary(data, context);
  const withOurs = withSummary(data, summary);
  return {
    ...attempt(`${resultsDir}/summary.json`, () => `${JSON.stringify(summary, null, 2)}\n`),
    ...attempt(`${resultsDir}/summary.md`, () => renderMarkdown(summary)),
    ...attempt(`${resultsDir}/junit.xml`, () => jUnit(withOurs)),
    ...attempt('stdout', () => textSummary(withOurs, { indent: '', enableColors: coloursWanted(data) })),
  };
}

function attempt(path: string, render: () => string): Files {
  try {
    return { [path]: render() };
  } catch (error) {
    console.error(`${path} was not written: ${error instanceof Error ? error.message : String(error)}`);
    return {};
  }
}

function coloursWanted(data: unknown): boolean {
  const state = isObject(data) && isObject(data['state']) ? data['state'] : {};
  // The launcher forces them where it hands stdout on to a terminal.
  const isShown = state['isStdOutTTY'] === true || (__ENV['FORCE_COLOR'] ?? '') !== '';
  return isShown && (__ENV['NO_COLOR'] ?? '') === '';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
