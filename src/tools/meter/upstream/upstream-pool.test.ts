import { expect, onTestFinished, test } from 'vitest';
import { openUpstream } from '../../../../test/support/meter.ts';
import { UpstreamPool } from './upstream-pool.ts';
import { readTarget } from './upstream-target.ts';

async function openPool(): Promise<UpstreamPool> {
  const upstream = await openUpstream(() => {});
  const pool = new UpstreamPool(readTarget(upstream.url, { setting: '--target' }));
  onTestFinished(() => pool.close());
  return pool;
}

test('a pool is filled to the number', async () => {
  const pool = await openPool();
  expect(await pool.fill(150)).toBeNull();
  expect(pool.figures).toMatchObject({ open: 150, idle: 150, opened: 150 });
});

test('what its time is too short for is told, and left to the load', async () => {
  const pool = await openPool();
  expect(await pool.fill(150, 0)).toMatch(/^64 of 150 were open after 0 s/);
  expect(pool.figures.idle).toBe(64);
});
