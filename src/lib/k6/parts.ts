import { load as loadAnswers } from 'lazy:./rare/any-answer.ts';
import { load as loadApiKey } from 'lazy:./once/setup/find-api-key.ts';
import { load as loadControl } from 'lazy:./once/control.ts';
import { load as loadScrape } from 'lazy:./rare/scrape.ts';
import { load as loadSampleLog } from 'lazy:./rare/sample-log.ts';
import { load as loadSynthetic } from 'lazy:../prompts/synthetic-texts.ts';
import { load as loadMeter } from 'lazy:./rare/transports/meter.ts';
import type * as Answers from './rare/any-answer.ts';
import type * as Synthetic from '../prompts/synthetic-texts.ts';
import type * as ApiKey from './once/setup/find-api-key.ts';
import type * as Control from './once/control.ts';
import type * as SampleLog from './rare/sample-log.ts';
import type * as Scrape from './rare/scrape.ts';
import type * as Meter from './rare/transports/meter.ts';

/*
 * Parts of the library that are evaluated when they are first asked for (scripts/lazy-modules.mjs): k6's engine
 * makes every function of a bundle anew in every VU, and most VUs need few of them.
 */

/** Everything that happens once a run: settings, options, setup, summary. */
export const control = loadControl as () => typeof Control;

/** Reading answers of any kind, streams of xk6-sse too; a plain blocking success needs none of it. */
export const answers = loadAnswers as () => typeof Answers;

/** Prompts of a wanted length. */
export const synthetic = loadSynthetic as () => typeof Synthetic;

/** One line a request, for the launcher. */
export const sampleLog = loadSampleLog as () => typeof SampleLog;

export const meterTransport = loadMeter as () => typeof Meter;

/** Looking at the server's own metrics page. */
export const scrape = loadScrape as () => typeof Scrape;

/** The key from k6's secrets. */
export const secretKeys = loadApiKey as () => typeof ApiKey;
