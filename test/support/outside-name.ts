import path from 'node:path';
import { PROJECT_ROOT } from '../../src/tools/project-root.ts';

/** A name that some server, file or person gives. */
export const OUTSIDE_NAME = 'outsidename';

/**
 * Runs something while every plain object inherits a property of that name, and says where our code met it: there,
 * a model called `constructor` or `__proto__` would be taken for what objects inherit. Own properties, Maps and
 * `Object.hasOwn` never meet it.
 *
 * @returns places in the folder's code, each once.
 */
export async function placesThatMeet(run: () => unknown, folder = 'src'): Promise<string[]> {
  const code = path.join(PROJECT_ROOT, folder, '/');
  const places = new Set<string>();
  const tell = (how: string): void => {
    const frames = (new Error().stack ?? '').split('\n').slice(3);
    const ours = frames.find((frame) => frame.includes(code));
    if (ours !== undefined) places.add(`${how} ${ours.slice(ours.indexOf(code) + code.length)}`);
  };
  // oxlint-disable-next-line no-extend-native
  Object.defineProperty(Object.prototype, OUTSIDE_NAME, {
    configurable: true,
    get: () => tell('read'),
    set(value: unknown) {
      tell('write');
      Object.defineProperty(this, OUTSIDE_NAME, {
        value,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    },
  });
  try {
    await run();
  } finally {
    Reflect.deleteProperty(Object.prototype, OUTSIDE_NAME);
  }
  return [...places];
}
