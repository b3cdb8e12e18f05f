import { type Command, defineCommand, UsageError } from '../cli/define-command.ts';
import { SCENARIO_WORDS } from '../run/scenario-words.ts';
import { completionScript, type CompletedCommand, SHELLS } from './completion-scripts.ts';

/** Commands whose operand is a scenario. */
const TAKES_SCENARIO: readonly string[] = ['run', 'doctor', 'forecast', 'search'];

/** `k6-llm completion`: of all commands, itself among them. */
export function completionCommand(
  commands: ReadonlyMap<string, { summary: string; load: () => Promise<Command> }>,
): Command {
  return defineCommand({
    name: 'completion',
    summary: 'Writes a script that makes a shell complete k6-llm.',
    usage: SHELLS.join('|'),
    flags: {},
    details: `
  eval "$(k6-llm completion bash)"      # in ~/.bashrc
  eval "$(k6-llm completion zsh)"       # in ~/.zshrc, behind compinit
  k6-llm completion fish | source       # in ~/.config/fish/config.fish`,
    run: async ({ operands }) => {
      const [asked, ...more] = operands;
      const shell = SHELLS.find((each) => each === asked);
      if (shell === undefined || more.length > 0) {
        throw new UsageError(
          `got "${operands.join(' ')}"; expected one of ${SHELLS.join(', ')}; write k6-llm completion bash`,
        );
      }
      const known = await Promise.all(
        [...commands].map(async ([name, { summary, load }]): Promise<CompletedCommand> => ({
          name,
          summary,
          flags: (await load()).flags,
          operands: TAKES_SCENARIO.includes(name)
            ? [...SCENARIO_WORDS.keys()]
            : name === 'completion'
              ? SHELLS
              : [],
        })),
      );
      process.stdout.write(completionScript(shell, known));
      return 0;
    },
  });
}
