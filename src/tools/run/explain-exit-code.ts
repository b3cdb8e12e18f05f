/** What a run's exit code says to people. */
export function explainExitCode(code: number): string {
  const meanings: Readonly<Record<number, string>> = {
    0: 'thresholds met',
    99: 'a threshold broke',
    104: 'k6 refused the options',
    105: 'it was interrupted',
    107: 'the script or its setup failed',
    108: 'it was stopped by the script',
  };
  return meanings[code] ?? `k6 ended with ${code}`;
}
