import { parseArgs } from 'node:util';
import { renderHelpText } from './help-text.ts';
import { plainText } from '../../lib/text/plain-text.ts';

/** One flag of a command, as `node:util` parses it, with its help. */
export type Flag = {
  type: 'string' | 'boolean';
  short?: string;
  multiple?: boolean;
  /** What stands for the value in help: `--port PORT`. */
  value?: string;
  help: string;
};

export type Flags = Readonly<Record<string, Flag>>;

type ValueOf<F extends Flag> = F['type'] extends 'boolean'
  ? boolean
  : F['multiple'] extends true
    ? string[]
    : string;

export type Values<F extends Flags> = { readonly [K in keyof F]?: ValueOf<F[K]> };

/** What a command gets: its flags and operands, and what came after `--`. */
export type Invocation<F extends Flags> = {
  values: Values<F>;
  operands: readonly string[];
  /** Everything after `--`, untouched. */
  rest: readonly string[];
};

/** One subcommand of `k6-llm`. Each lives in `cli/<name>.ts` and exports `command`. */
export type Command = {
  name: string;
  /** One line for the list of commands. */
  summary: string;
  /** The whole help text. */
  help: string;
  /** Its flags, without their dashes. */
  flags: readonly { name: string; help: string }[];
  /** Runs it; the number is the exit code. Wrong usage throws `UsageError`. */
  run: (args: readonly string[]) => Promise<number>;
};

/** Wrong use of the command line: printed with the usage, exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError';

  constructor(message: string, options?: ErrorOptions) {
    super(plainText(message), options);
  }
}

export const EXIT_USAGE = 2;

/** Builds a command from its flags, so that help, parsing and types cannot disagree. */
export function defineCommand<const F extends Flags>(spec: {
  name: string;
  summary: string;
  /** What follows the name: `<scenario> [flags] [-- k6 arguments]`. */
  usage: string;
  /** Paragraphs after the flags: examples, exit codes. */
  details?: string;
  flags: F;
  run: (invocation: Invocation<F>) => Promise<number>;
}): Command {
  return {
    name: spec.name,
    summary: spec.summary,
    help: renderHelp(spec),
    flags: Object.entries(spec.flags).map(([name, { help }]) => ({ name, help })),
    run: (args) => spec.run(parse(spec.flags, args)),
  };
}

function parse<F extends Flags>(flags: F, args: readonly string[]): Invocation<F> {
  const split = args.indexOf('--');
  const own = split < 0 ? args : args.slice(0, split);
  const rest = split < 0 ? [] : args.slice(split + 1);
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, { type, short, multiple }]) => [
      name,
      { type, ...(short === undefined ? {} : { short }), ...(multiple === undefined ? {} : { multiple }) },
    ]),
  );
  try {
    const { values, positionals } = parseArgs({
      args: [...own],
      options,
      allowPositionals: true,
      strict: true,
    });
    return { values: values as Values<F>, operands: positionals, rest };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function renderHelp(spec: {
  name: string;
  summary: string;
  usage: string;
  details?: string;
  flags: Flags;
}): string {
  const rows = Object.entries(spec.flags).map(([name, flag]) => {
    const short = flag.short === undefined ? '    ' : `-${flag.short}, `;
    const value = flag.type === 'string' ? ` ${flag.value ?? 'VALUE'}` : '';
    return { flag: `${short}--${name}${value}`, help: flag.help };
  });
  rows.push({ flag: '-h, --help', help: 'this text' });
  const { summary, details } = spec;
  return renderHelpText({ summary, usage: `${spec.name} ${spec.usage}`.trim(), rows, details });
}
