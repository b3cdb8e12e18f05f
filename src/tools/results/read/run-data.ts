import type { PlannedLoad } from '../../../lib/samples/sample-header.ts';
import type { RunRecord } from '../../../lib/summary/run-record.ts';
import type { Summary } from '../../../lib/summary/summary.ts';
import type { Figures } from '../figures/figures.ts';
import type { TimedRequest } from '../../insight/timed-request.ts';
import type { Skipped } from './read-samples.ts';
import { plainText } from '../../../lib/text/plain-text.ts';

/** One run, as far as its files tell. */
export type RunData = {
  /** What people call it: the folder's or file's name. */
  label: string;
  summary: Summary;
  /** null when only figures without distributions are at hand. */
  figures: Figures | null;
  /** The load as planned; empty where it is not known. */
  stages: readonly PlannedLoad[];
  /** The samples file, where there is one; null otherwise. */
  samplesPath: string | null;
  /** Each request by itself; null where no samples are at hand, or more than are kept. */
  requests: readonly TimedRequest[] | null;
  skipped: Skipped | null;
  /** Finish reasons that are not known, and how often each came; not given where there are no samples. */
  unknownFinishes?: ReadonlyMap<string, number>;
  /** The part of a divided run that it is, `0:1/2`; null for a whole one. */
  segment: string | null;
  /** What it knew of itself when its load began; null where no samples tell. */
  facts: RunRecord | null;
};

/** A file or folder that cannot be used, in words that say what to do. Ends the command with exit code 2. */
export class InputError extends Error {
  override name = 'InputError';

  constructor(message: string) {
    super(plainText(message));
  }
}
