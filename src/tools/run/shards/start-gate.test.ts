import { expect, onTestFinished, test } from 'vitest';
import { openStartGate } from './start-gate.ts';

async function gateOf(parts: number) {
  const gate = await openStartGate(parts);
  onTestFinished(gate.close);
  const order: string[] = [];
  const moments = new Set<string>();
  const ask = async (name: string): Promise<void> => {
    const response = await fetch(gate.url);
    order.push(name);
    moments.add(await response.text());
  };
  return { gate, ask, order, moments };
}

test('nobody goes before all have come', async () => {
  const { ask, order, moments } = await gateOf(3);
  const first = [ask('a'), ask('b')];
  // Their questions are at the gate once another connection has made its round.
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(order).toEqual([]);
  await Promise.all([...first, ask('c')]);
  expect(order.toSorted()).toEqual(['a', 'b', 'c']);
  expect(moments.size).toBe(1);
  expect([...moments][0]).toMatch(/^\d{13}$/);
});

test('one that ended is not waited for', async () => {
  const { gate, ask, order } = await gateOf(2);
  const waiting = ask('a');
  gate.leave();
  await waiting;
  expect(order).toEqual(['a']);
});
