/** Where a run's status stands, and where everything else is said while it stands there. */
export type StatusLine = {
  say: (line: string) => void;
  /** Hands on to stdout what a program says, as it is. */
  pass: (text: Buffer) => void;
  close: () => void;
};

const PERIOD_MS = 1000;
/** To the beginning of the line, and everything from there on away. */
const CLEAR = '\r\u001B[J';

/** Whether a line on it can be written anew. */
export function canRewrite(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv = process.env): boolean {
  return stream.isTTY && env['TERM'] !== 'dumb';
}

/**
 * One line at the foot of a terminal, written anew once a second.
 *
 * @param text for so many columns; null while there is nothing to tell.
 */
export function openStatusLine(
  stream: NodeJS.WriteStream,
  text: (columns: number) => string | null,
): StatusLine {
  let isOpen = true;
  const draw = (): void => {
    if (!isOpen) return;
    // One column less than there are: a full line would go on in the next one.
    const line = text((stream.columns > 0 ? stream.columns : 80) - 1);
    if (line !== null) stream.write(`${CLEAR}${line}`);
  };
  const timer = setInterval(draw, PERIOD_MS);
  timer.unref();
  return {
    say: (line) => void stream.write(`${CLEAR}${line}\n`),
    pass: (text) => {
      stream.write(CLEAR);
      process.stdout.write(text);
    },
    close: () => {
      if (!isOpen) return;
      isOpen = false;
      clearInterval(timer);
      stream.write(CLEAR);
    },
  };
}
