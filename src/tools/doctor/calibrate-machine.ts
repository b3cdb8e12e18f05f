import path from 'node:path';
import { wrap } from '../../lib/text/table.ts';
import { takeAnswerFolder, writeAnswer } from '../answers/answer-folder.ts';
import type { MachineFigures } from '../calibration/calibration.ts';
import {
  calibrationAnswer,
  type CalibrationAnswer,
  calibrationPage,
  renderCalibration,
  signedMs,
} from '../calibration/calibration-answer.ts';
import { measureRequests, measureStreams, STREAM_COUNTS } from '../calibration/calibrate.ts';
import { machineFile, writeMachine } from '../calibration/machine-file.ts';
import { EXIT_USAGE } from '../cli/define-command.ts';
import { findK6OrTell } from '../k6/find-or-tell.ts';

const EXIT_INTERRUPTED = 105;
const EXIT_FAILED = 1;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** `k6-llm doctor --calibrate`: measures what this machine adds, and keeps it for later runs. @returns the exit code. */
export async function calibrateMachine(): Promise<number> {
  const k6 = await findK6OrTell('doctor --calibrate');
  if (k6 === null) return EXIT_USAGE;
  const say = (line: string): void => console.error(line);
  const signal = { came: false };
  const note = (): void => void (signal.came = true);
  for (const name of SIGNALS) process.on(name, note);
  const taken = await takeAnswerFolder('calibrate', { env: process.env, now: new Date(), say });
  const { folder } = taken;
  let calibration: MachineFigures = { requestsPerSec: null, streams: [] };
  const write = async (isPartial: boolean): Promise<CalibrationAnswer> => {
    const answer = calibrationAnswer(calibration, isPartial);
    await writeAnswer(folder, answer, {
      table: renderCalibration(calibration),
      page: calibrationPage(answer),
    });
    return answer;
  };
  const conclude = async (exitCode: number): Promise<number> => {
    const answer = await write(exitCode !== 0);
    say(
      `answer: ${path.relative(process.cwd(), path.resolve(folder)) || '.'}/answer.json, answer.md, answer.html\n`,
    );
    console.log(`${wrap(answer.sentence, 80).join('\n')}\n\n${renderCalibration(calibration)}`);
    return exitCode;
  };
  try {
    await write(true);
    say('calibrating: about a minute, on loopback, against a mock; nothing else should run meanwhile');
    const requestsPerSec = await measureRequests({ k6, folder });
    if (requestsPerSec === 'interrupted' || signal.came) return await conclude(EXIT_INTERRUPTED);
    calibration = { ...calibration, requestsPerSec };
    if (requestsPerSec !== null) say(`  ${Math.round(requestsPerSec)} answers/s in one piece`);
    for (const count of STREAM_COUNTS) {
      await write(true);
      const error = await measureStreams(count, { k6, folder });
      if (error === 'interrupted' || signal.came) return await conclude(EXIT_INTERRUPTED);
      if (error === null) {
        say(`  ${count} streams: k6 left nothing to tell by`);
        return await conclude(EXIT_FAILED);
      }
      calibration = { ...calibration, streams: [...calibration.streams, error] };
      say(
        `  ${count} streams: TTFT off by ${signedMs(error.ttftErrorMs)}, TPOT by ${signedMs(error.tpotErrorMs)}`,
      );
    }
    await writeMachine({ takenAt: new Date().toISOString(), calibration });
    say(`kept for this machine in ${machineFile()}`);
    return await conclude(0);
  } finally {
    taken.release();
    for (const name of SIGNALS) process.off(name, note);
  }
}
