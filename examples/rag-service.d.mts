export function startService(options: { port: number; delayMs?: number }): Promise<{
  url: string;
  counts: { logins: number; searches: number; refused: number };
  close: () => void;
}>;
