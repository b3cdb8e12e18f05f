import type * as Answers from './rare/any-answer.ts';
import type * as ApiKey from './once/setup/find-api-key.ts';
import type * as Control from './once/control.ts';
import type * as Meter from './rare/transports/meter.ts';
import type * as Pauses from './rare/read-pause.ts';
import type * as SampleLog from './rare/sample-log.ts';
import type * as Scrape from './rare/scrape.ts';
import type * as DueTimes from './rare/due-times.ts';
import type * as VuFile from './vu/default-function.ts';
import type * as SessionsFile from './rare/sessions.ts';
import type {
  AnswersPart,
  ArrivalsPart,
  ControlPart,
  MeterPart,
  PausesPart,
  SampleLogPart,
  ScrapePart,
  SecretKeysPart,
  SessionsPart,
  DefaultFunctionPart,
} from './parts.ts';

/** A file that has all that a part promises. */
type Keeps<Promised, File extends Promised> = [Promised, File];

/** Types only, for `npm run types`: each part's file has what parts.ts says of it. Nobody imports this. */
export type PartsFit = [
  Keeps<AnswersPart, typeof Answers>,
  Keeps<ArrivalsPart, typeof DueTimes>,
  Keeps<ControlPart, typeof Control>,
  Keeps<MeterPart, typeof Meter>,
  Keeps<PausesPart, typeof Pauses>,
  Keeps<SampleLogPart, typeof SampleLog>,
  Keeps<ScrapePart, typeof Scrape>,
  Keeps<SessionsPart, typeof SessionsFile>,
  Keeps<SecretKeysPart, typeof ApiKey>,
  Keeps<DefaultFunctionPart, typeof VuFile>,
];
