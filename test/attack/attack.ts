/** One attack. It gives what went wrong; null: it was held off. */
export type Attack = { name: string; run: () => Promise<string | null> };

/** Attacks of one kind, and what they share. */
export type AttackKind = {
  kind: string;
  attacks: readonly Attack[];
  /** Run one after the other, where they share a thing. Default: a few at a time. */
  oneByOne?: true;
  /** How long the attacks take by themselves, ms, beside the time after which something hangs. Default: none. */
  lastsMs?: number;
  close?: () => Promise<void>;
};

export type KindResult = { kind: string; tried: number; fallen: readonly string[] };

const AT_A_TIME = 8;
/** An attack that takes longer than this, ms, has succeeded: something hangs. */
const PATIENCE_MS = 120_000;

/** Runs all attacks of a kind. It never throws: an exception is an attack that fell. */
export async function attackAll({
  kind,
  attacks,
  oneByOne,
  lastsMs = 0,
  close,
}: AttackKind): Promise<KindResult> {
  const fallen: string[] = [];
  const queue = [...attacks];
  const worker = async (): Promise<void> => {
    for (let attack = queue.shift(); attack !== undefined; attack = queue.shift()) {
      const { name } = attack;
      const problem = await within(attack.run(), lastsMs + PATIENCE_MS).catch((error: unknown) =>
        String(error),
      );
      if (problem !== null) fallen.push(`${name}: ${problem}`);
    }
  };
  await Promise.all(Array.from({ length: oneByOne === true ? 1 : AT_A_TIME }, worker));
  await close?.();
  return { kind, tried: attacks.length, fallen };
}

async function within<T>(running: Promise<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end within ${limitMs / 1000} s`)), limitMs);
  });
  try {
    return await Promise.race([running, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** null when it holds; else what was found in place of it. */
export function held(holds: boolean, found: unknown): string | null {
  return holds ? null : (JSON.stringify(found)?.slice(0, 300) ?? 'nothing');
}
