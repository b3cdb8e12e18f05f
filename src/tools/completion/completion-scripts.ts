/** What a shell may complete: a command, its flags, and words for its operands. */
export type CompletedCommand = {
  name: string;
  summary: string;
  /** Without their dashes. */
  flags: readonly { name: string; help: string }[];
  /** Scenarios, shells; files come anyway. */
  operands: readonly string[];
};

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** A script that makes a shell complete `k6-llm`. */
export function completionScript(shell: Shell, commands: readonly CompletedCommand[]): string {
  switch (shell) {
    case 'bash':
      return bashScript(commands);
    case 'zsh':
      return zshScript(commands);
    case 'fish':
      return fishScript(commands);
    default:
      return shell satisfies never;
  }
}

function wordsOf({ flags, operands }: CompletedCommand): string {
  return [...operands, ...flags.map(({ name }) => `--${name}`), '--help'].join(' ');
}

function bashScript(commands: readonly CompletedCommand[]): string {
  return `# eval "$(k6-llm completion bash)"
_k6_llm() {
  local words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="${commands.map(({ name }) => name).join(' ')} --help --version"
  else
    case "\${COMP_WORDS[1]}" in
${commands.map((command) => `      ${command.name}) words="${wordsOf(command)}" ;;`).join('\n')}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _k6_llm k6-llm
`;
}

function zshScript(commands: readonly CompletedCommand[]): string {
  const described = commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`).join('\n');
  return `#compdef k6-llm
# eval "$(k6-llm completion zsh)"
_k6_llm() {
  local -a found
  if (( CURRENT == 2 )); then
    found=(
${described}
    )
    _describe 'command' found
    return
  fi
  case "\${words[2]}" in
${commands.map((command) => `    ${command.name}) found=(${wordsOf(command)}) ;;`).join('\n')}
  esac
  compadd -a found
  _files
}
compdef _k6_llm k6-llm
`;
}

function fishScript(commands: readonly CompletedCommand[]): string {
  const lines = commands.flatMap(({ name, summary, flags, operands }) => {
    const seen = `complete -c k6-llm -n '__fish_seen_subcommand_from ${name}'`;
    return [
      `complete -c k6-llm -f -n __fish_use_subcommand -a ${name} -d ${fishQuoted(summary)}`,
      ...(operands.length === 0 ? [] : [`${seen} -a '${operands.join(' ')}'`]),
      ...flags.map((flag) => `${seen} -l ${flag.name} -d ${fishQuoted(flag.help)}`),
    ];
  });
  return ['# k6-llm completion fish | source', ...lines, ''].join('\n');
}

/** As one word of a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function fishQuoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
