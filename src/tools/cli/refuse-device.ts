import { stat } from 'node:fs/promises';

/** Throws for a device such as `/dev/zero`, which has no end. A pipe, as a shell makes of `<(…)`, has one. */
export async function refuseDevice(file: string): Promise<void> {
  const stats = await stat(file);
  if (stats.isCharacterDevice() || stats.isBlockDevice()) throw new Error('it is a device');
}
