import { execFile } from 'node:child_process';

/** An output that no k6 has: asked for it, k6 lists those that it has, and runs nothing. */
const NO_OUTPUT = 'k6-llm-asks';

/** The outputs of a k6, as it names them itself; empty when it does not tell. */
export function k6Outputs(binary: string): Promise<string[]> {
  return new Promise((resolve) => {
    const child = execFile(
      binary,
      ['run', '--quiet', '--no-usage-report', '--out', NO_OUTPUT, '-'],
      { timeout: 20_000 },
      (_error, stdout, stderr) => {
        const list = /available types are: ([\w, -]+)/.exec(`${stdout}${stderr}`)?.[1] ?? '';
        resolve(
          list
            .split(',')
            .map((name) => name.trim())
            .filter((name) => name !== ''),
        );
      },
    );
    child.stdin?.end('export default () => {};\n');
  });
}
