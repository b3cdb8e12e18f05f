import { constants } from 'node:buffer';
import type { Slo } from '../../../lib/figures/slo.ts';
import type { QuestionAnswer } from '../../answers/question-answer.ts';
import { UsageError } from '../../cli/define-command.ts';
import { recordingOf } from '../read-recording.ts';
import { readRecord, type RecordedRun } from './read-record.ts';
import { rowOfStream, type RuleRow } from './rule-row.ts';
import { scoreRun } from './score-run.ts';
import { scoreStream } from './score-stream.ts';
import { rulesSentence } from './rules-sentence.ts';

/** An answer whose rows are there. */
export type RulesAnswer = QuestionAnswer & { rules: readonly RuleRow[] };

/**
 * The same events under each tool's rule: of one recorded stream, or of a run that a meter recorded.
 *
 * @throws UsageError for a file that is neither, a record without streams, and an SLO for a single stream.
 */
export function answerRules(bytes: Buffer, { file, slo }: { file: string; slo: Slo | null }): RulesAnswer {
  if (bytes.length > constants.MAX_STRING_LENGTH) {
    throw new UsageError(
      `${file}: got ${bytes.length} bytes; expected at most ${constants.MAX_STRING_LENGTH}; split it by lines`,
    );
  }
  const record = readRecord(bytes.toString('utf8').replace(/^\uFEFF/, ''), file);
  if (record === null && slo !== null) {
    throw new UsageError(`--slo: ${file} holds one stream; expected a meter's record, k6-llm meter --record`);
  }
  const rules =
    record === null
      ? scoreStream(recordingOf(bytes, file)).map(rowOfStream)
      : scoreRun(streamsOf(record, file), slo);
  return {
    question: 'Why do two tools disagree?',
    sentence: rulesSentence(rules),
    partial: false,
    rules,
  };
}

function streamsOf({ streams, blocking }: RecordedRun, file: string): RecordedRun['streams'] {
  if (streams.length > 0) return streams;
  throw new UsageError(
    `${file}: got ${blocking} requests and no stream among them; expected a record of a run with LLM_STREAM=1`,
  );
}
