/** Arguments as one line for a POSIX shell; quoted only where that is needed. */
export function shellLine(args: readonly string[]): string {
  return args.map(quote).join(' ');
}

function quote(argument: string): string {
  if (/^[\w@%+=:,./-]+$/.test(argument)) return argument;
  return `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}
