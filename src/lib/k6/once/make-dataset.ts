import { type Dataset, parseDataset } from '../../prompts/dataset/dataset.ts';
import { ConfigError } from '../../parse/config-error.ts';
import { describeSkips } from '../../parse/skip-log.ts';
import { kindOf, KINDS } from '../../kinds/kinds.ts';
import { refusePicturesInRow } from '../../prompts/pictures/refuse-pictures.ts';
import { isSessionKind, SESSION_KINDS } from '../../prompts/session/session-kinds.ts';
import type { Settings } from '../../settings/settings.ts';
import { sessions as sessionsPart } from '../parts.ts';
import { readFile } from './read-file.ts';

/**
 * The rows of the user's file, as VUs share them: strings, read one at a time; and the kinds that they name. Init only.
 *
 * @throws ConfigError for a file that cannot be used.
 */
export function makeDataset(settings: Settings): Pick<Dataset, 'rows' | 'kinds'> {
  const file = settings.datasetFile ?? '';
  const text = readFile(file, 'LLM_DATASET');
  if (sessionsPart().isSessionText(text)) return { rows: makeSessions(text, settings), kinds: [] };
  const dataset = parseDataset(text, { fileName: file, setting: 'LLM_DATASET' });
  if (dataset.skipped.count > 0) {
    const skips = describeSkips(dataset.skipped, dataset.rowUnit);
    console.warn(`LLM_DATASET ${file}: ${dataset.rows.length} rows used, ${skips}`);
  }
  refuseRichRows(dataset, settings);
  return dataset;
}

/** Pictures and calls of tools have no place in a text to embed, to rank or to complete. */
function refuseRichRows({ richRows, rowUnit }: Dataset, settings: Settings): void {
  for (const [named, number] of richRows) {
    const kind = named ?? settings.kind;
    refusePicturesInRow(settings, `${rowUnit} ${number}`);
    if (kindOf(kind).encodeRaw !== null) continue;
    const others = KINDS.filter(({ encodeRaw }) => encodeRaw !== null).map(({ name }) => name);
    throw new ConfigError({
      setting: `LLM_DATASET ${settings.datasetFile ?? ''}, ${rowUnit} ${number}`,
      got: `messages that are more than text, for ${kind}`,
      expected: `text alone, or a kind of ${others.join(', ')}`,
      example: 'LLM_KIND=chat',
    });
  }
}

/** What sessions bring themselves. */
const OWN = [
  'LLM_TURNS',
  'LLM_INPUT_TOKENS',
  'LLM_OUTPUT_TOKENS',
  'LLM_SHARED_PREFIX_TOKENS',
  'LLM_IMAGES',
] as const;

function makeSessions(text: string, settings: Settings): string[] {
  const { resolved, kind, sessionAnswers } = settings;
  const fileName = settings.datasetFile ?? '';
  const given = OWN.find((name) => !['', '0', '1', 'none'].includes(resolved[name].trim()));
  if (given !== undefined) {
    throw new ConfigError({
      setting: given,
      got: resolved[given],
      expected: `nothing, because LLM_DATASET ${fileName} holds sessions, whose turns and texts are their own`,
      example: `LLM_DATASET=${fileName} alone`,
    });
  }
  const { sessions, shaped } = sessionsPart().parseSessions(text, {
    fileName,
    setting: 'LLM_DATASET',
    answers: sessionAnswers,
  });
  if (!isSessionKind(kind)) {
    throw new ConfigError({
      setting: 'LLM_KIND',
      got: kind,
      expected: `${SESSION_KINDS.join(', ')}, because LLM_DATASET ${fileName} holds sessions`,
      example: 'LLM_KIND=chat',
    });
  }
  if (shaped !== null && shaped.kind !== kind) {
    throw new ConfigError({
      setting: `LLM_DATASET ${fileName}, line ${shaped.line}`,
      got: `messages in the form of ${shaped.kind}`,
      expected: `those of ${kind}: calls of tools and parts of messages are sent as they stand`,
      example: `LLM_KIND=${shaped.kind}`,
    });
  }
  const turns = sessions.reduce((sum, session) => sum + session.turns.length, 0);
  console.info(`LLM_DATASET ${fileName}: ${sessions.length} sessions of ${turns} requests together`);
  return sessionsPart().storeSessions(sessions);
}
