import { type Command, UsageError } from '../cli/define-command.ts';
import { applyConfig, CONFIG_FILE, type ConfigChoice } from './apply-config.ts';

/** Flags of every command that reads settings. */
const CONFIG_FLAGS: Readonly<Record<string, { field: keyof ConfigChoice; value: string; help: string }>> = {
  config: { field: 'config', value: 'FILE', help: `settings from this file in place of ${CONFIG_FILE}` },
  profile: { field: 'profile', value: 'NAME', help: 'a set of settings of that file, by its name' },
  'env-file': {
    field: 'envFile',
    value: 'FILE',
    help: 'variables from a file of NAME=value lines, a key too',
  },
};

/** The command, with its settings from files too; what the environment says wins over them. */
export function withConfig(command: Command): Command {
  const flags = Object.entries(CONFIG_FLAGS).map(([name, { help }]) => ({ name, help }));
  return {
    ...command,
    help: `${command.help}\n\n${HELP}`,
    flags: [...command.flags, ...flags],
    run: async (args) => {
      const { rest, choice } = splitFlags(args);
      applyConfig(choice, process.env);
      return command.run(rest);
    },
  };
}

const WIDTH =
  Math.max(...Object.entries(CONFIG_FLAGS).map(([name, { value }]) => name.length + value.length)) + 6;

const HELP = [
  'Settings from files, which the environment wins over (docs/config.md):',
  '',
  ...Object.entries(CONFIG_FLAGS).map(
    ([name, { value, help }]) => `  ${`--${name} ${value}`.padEnd(WIDTH)}${help}`,
  ),
].join('\n');

/** Takes our flags out of a command line; what is behind `--` is k6's. */
function splitFlags(args: readonly string[]): { rest: string[]; choice: ConfigChoice } {
  const end = args.includes('--') ? args.indexOf('--') : args.length;
  const rest: string[] = [];
  const choice: ConfigChoice = {};
  for (let index = 0; index < end; index++) {
    const argument = args[index] ?? '';
    const [name = '', ...inline] = argument.startsWith('--') ? argument.slice(2).split('=') : [];
    const flag = Object.hasOwn(CONFIG_FLAGS, name) ? CONFIG_FLAGS[name] : undefined;
    if (flag === undefined) {
      rest.push(argument);
      continue;
    }
    const value = inline.length > 0 ? inline.join('=') : index + 1 < end ? (args[++index] ?? '') : '';
    if (value === '' || value.startsWith('--')) {
      throw new UsageError(`--${name}: expected a value; write --${name} ${flag.value}`);
    }
    choice[flag.field] = value;
  }
  return { rest: [...rest, ...args.slice(end)], choice };
}
