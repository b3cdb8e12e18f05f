import { spawn, spawnSync } from 'node:child_process';
import { CLI } from './cli.ts';

/** Runs a program on a terminal of 80 columns, and hands on all that it writes there. */
const ON_A_TERMINAL = `
import fcntl, os, pty, struct, sys, termios
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 80, 0, 0))
    os.execvp(sys.argv[1], sys.argv[1:])
while True:
    try:
        data = os.read(terminal, 65536)
    except OSError:
        break
    if not data:
        break
    sys.stdout.buffer.write(data)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

/** Node cannot open a terminal by itself. */
export const HAS_TERMINALS = spawnSync('python3', ['-c', 'import pty, fcntl']).status === 0;

/** Runs the built `k6-llm` on a terminal. */
export async function runOnTerminal(
  args: readonly string[],
  { cwd, env }: { cwd: string; env: Readonly<Record<string, string>> },
): Promise<{ code: number | null; written: string }> {
  const program = spawn('python3', ['-c', ON_A_TERMINAL, process.execPath, CLI, ...args], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TERM: 'xterm-256color', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let written = '';
  program.stdout.setEncoding('utf8').on('data', (text: string) => (written += text));
  const code = await new Promise<number | null>((resolve) => void program.once('close', resolve));
  return { code, written };
}
