import { runInNewContext } from 'node:vm';
import { transform } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { functionsOnDemand } from '../scripts/functions-on-demand.mjs';

/** Four functions that are not asked for, so that a function which makes others is worth it. */
const OTHERS = ['a', 'b', 'c', 'd'].map((name) => `function ${name}() {}`).join('\n');

/** What a module leaves in `told`, as it was written and with its functions made on demand. */
async function told(source: string, isWanted = (_name: string): boolean => true): Promise<unknown[]> {
  const { code, map } = await transform(source, { sourcemap: 'external', sourcefile: 'a.ts' });
  const made = functionsOnDemand({ code, map }, ({ name }) => isWanted(name));
  const run = (text: string): unknown => {
    const kept: unknown[] = [];
    runInNewContext(text, { told: kept, forgetFunctions: () => null });
    return kept;
  };
  return [run(code), run(made.code), made.code];
}

describe('functions on demand', () => {
  test('a module does what it did', async () => {
    const [before, after, code] = await told(`
      const first = twice(2);
      const other = twice;
      const table = { twice, again: other };
      ${OTHERS}
      function twice(x) { return x > 100 ? x : twice(2 * x); }
      async function later() { return 1; }
      { let twice = 7; told.push(twice); }
      function shadows(twice) { return twice; }
      told.push(first, table.twice(3), table.again(4), shadows(5), typeof later().then, twice.name);
    `);
    expect(after).toEqual(before);
    expect(after).toHaveLength(7);
    expect(code).toContain('switch');
  });

  test('a function is made when it is first called, and again when it was forgotten', async () => {
    const [, after] = await told(`
      (function () {
        ${OTHERS}
        function counts() { return 1; }
        function self() { return self; }
        const one = self();
        told.push(one === self(), counts());
        forgetFunctions();
        told.push(one === self(), counts());
      })();
    `);
    expect(after).toEqual([true, 1, false, 1]);
  });

  test('what is given another value, has properties or is not wanted stays as it is', async () => {
    const [before, after, code] = await told(
      `
      ${OTHERS}
      function changed() { return 1; }
      changed = () => 2;
      function owner() { return owner.count; }
      owner.count = 3;
      function hot() { return 4; }
      function last() { return 5; }
      told.push(changed(), owner(), hot(), last());
      `,
      (name) => name !== 'hot',
    );
    expect(after).toEqual([2, 3, 4, 5]);
    expect(after).toEqual(before);
    for (const kept of ['changed', 'owner', 'hot']) expect(code).toContain(`function ${kept}(`);
    expect(code).not.toContain('function last(');
  });

  test('few functions are left alone', async () => {
    const [, , code] = await told('function one() { return 1; } told.push(one());');
    expect(code).not.toContain('switch');
  });

  test('the map still leads to the file that was written', async () => {
    const source = `${OTHERS}\nfunction thrower() {\n  throw new Error('x');\n}\ntold.push(thrower);`;
    const { code, map } = await transform(source, { sourcemap: 'external', sourcefile: 'a.ts' });
    const made = functionsOnDemand({ code, map }, () => true);
    expect(made.map.sources).toContain('a.ts');
    const { map: again } = await transform(
      `${made.code}//# sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify(made.map)).toString('base64')}`,
      { sourcemap: 'external', sourcefile: 'b.js' },
    );
    expect(JSON.parse(again).sources).toContain('a.ts');
  });
});
