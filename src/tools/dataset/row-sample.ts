import { createUnitStream, type Seed } from '../../lib/numbers/random.ts';

/** Rows kept within a budget of bytes while any number of them goes by. */
export type RowSample = {
  offer(row: string): void;
  /** Rows offered so far. */
  offeredRows(): number;
  /** What is kept, in the order of the file. */
  rows(): string[];
};

type KeptRow = { row: string; unit: number; bytes: number };

/**
 * A sample in one pass: each row has a number in [0, 1) from the seed and its place, and rows below a bar are
 * kept. When the kept ones pass the budget, the bar is lowered by a tenth and those above it are dropped. So
 * each row is as likely as the others, whatever its length, and between 0.85 and 1 of the budget is used.
 */
export function createRowSample({ seed, budgetBytes }: { seed: Seed; budgetBytes: number }): RowSample {
  const unitAt = createUnitStream(seed, 'dataset-rows');
  let kept: KeptRow[] = [];
  let keptBytes = 0;
  let bar = 1;
  let offered = 0;
  return {
    offer(row) {
      const unit = unitAt(offered++);
      if (unit >= bar) return;
      const bytes = Buffer.byteLength(row) + 1;
      kept.push({ row, unit, bytes });
      keptBytes += bytes;
      while (keptBytes > budgetBytes && kept.length > 1) {
        bar *= 0.9;
        kept = kept.filter((one) => one.unit < bar);
        keptBytes = kept.reduce((sum, one) => sum + one.bytes, 0);
      }
    },
    offeredRows: () => offered,
    rows: () => kept.map(({ row }) => row),
  };
}
