import { ConfigError } from '../../parse/config-error.ts';
import type { Settings } from '../../settings/settings.ts';

/** What of the settings is asked of. */
type PictureSettings = Pick<Settings, 'images' | 'datasetFile'> & {
  resolved: Pick<Settings['resolved'], 'LLM_IMAGES'>;
};

/**
 * Pictures beside messages that a trace of conversations makes itself.
 *
 * @throws ConfigError where `LLM_IMAGES` asks for some.
 */
export function refusePicturesInTrace(settings: PictureSettings): void {
  if (settings.images.length === 0) return;
  throw picturesRefused(
    settings,
    'nothing with a trace of conversations, whose messages are its own',
    'LLM_IMAGES=',
  );
}

/**
 * Pictures beside rows of a data set that are sent as they stand.
 *
 * @param row the first such, as people call it: `line 3`.
 * @throws ConfigError where `LLM_IMAGES` asks for some.
 */
export function refusePicturesInRow(settings: PictureSettings, row: string): void {
  if (settings.images.length === 0) return;
  throw picturesRefused(
    settings,
    `nothing, because LLM_DATASET ${settings.datasetFile ?? ''} has messages that are more than text (${row}), which are sent as they stand`,
    'LLM_IMAGES= , or a file of texts',
  );
}

/** That this run can show no pictures, and what would work. */
export function picturesRefused(
  { resolved }: Pick<PictureSettings, 'resolved'>,
  expected: string,
  example: string,
): ConfigError {
  return new ConfigError({ setting: 'LLM_IMAGES', got: resolved.LLM_IMAGES, expected, example });
}
