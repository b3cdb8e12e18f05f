/**
 * The items in another order, each order as likely as any other (Fisher and Yates).
 *
 * @param unitAt draw i, from 0 up to 1.
 */
export function shuffled<T>(items: readonly T[], unitAt: (index: number) => number): T[] {
  const left = [...items];
  const order: T[] = [];
  for (let index = 0; index < items.length; index++) {
    const at = Math.min(left.length - 1, Math.floor(unitAt(index) * left.length));
    order.push(...left.splice(at, 1));
  }
  return order;
}
