import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile, mkdir, cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const root = path.dirname(import.meta.dirname);
const run = promisify(execFile);

/** The package's own names, by the program that their code is a part of, and what it declares beside its code. */
const PROGRAMS = {
  'tsconfig.json': { names: ['scenario-api'], declared: ['src/lib/k6/**/*.d.ts'] },
  'tsconfig.node.json': { names: ['prices-api', 'summary-api'], declared: [] },
};

/** `k6-llm/globals`: what k6 has and `@types/k6` leaves to other packages. */
const GLOBALS = `declare const console: {
  log(...values: unknown[]): void;
  info(...values: unknown[]): void;
  warn(...values: unknown[]): void;
  error(...values: unknown[]): void;
  debug(...values: unknown[]): void;
};
`;

/** Writes the types of the package's exports into a folder: what their declarations lead to, and no more. */
export async function emitTypes(outdir) {
  const scratch = await mkdtemp(path.join(tmpdir(), 'k6-llm-types-'));
  try {
    const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    for (const [config, program] of Object.entries(PROGRAMS)) {
      const project = path.join(scratch, config);
      await writeFile(project, JSON.stringify(programOf(config, { ...program, outDir: scratch })));
      await run(process.execPath, [tsc, '-p', project]);
    }
    const entries = Object.values(PROGRAMS).flatMap(({ names }) => names);
    const wanted = new Set();
    for (const name of entries) await follow(path.join(scratch, `src/api/${name}.d.ts`), wanted);
    for (const file of wanted) {
      const target = path.join(outdir, path.relative(path.join(scratch, 'src'), file));
      await mkdir(path.dirname(target), { recursive: true });
      await cp(file, target);
    }
    await writeFile(path.join(outdir, 'globals.d.ts'), GLOBALS);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The same program with nothing but the exports: tests, which Node's has, export what has no name outside of them. */
function programOf(config, { names, declared, outDir }) {
  return {
    extends: path.join(root, config),
    compilerOptions: {
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      rootDir: root,
      outDir,
      typeRoots: [path.join(root, 'node_modules/@types')],
    },
    include: declared.map((files) => path.join(root, files)),
    files: names.map((name) => path.join(root, `src/api/${name}.ts`)),
  };
}

/** A declaration and all that it imports of ours. Its imports become those of the files that ship: `.js`. */
async function follow(file, wanted) {
  if (wanted.has(file)) return;
  wanted.add(file);
  const text = await readFile(file, 'utf8');
  const pattern = /(from |import\()(['"])(\.[^'"]+)\.ts\2/g;
  for (const [, , , name] of text.matchAll(pattern)) {
    await follow(path.resolve(path.dirname(file), `${name}.d.ts`), wanted);
  }
  await writeFile(file, text.replace(pattern, '$1$2$3.js$2'));
}
