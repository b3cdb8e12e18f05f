// llama.cpp's server, compiled from source, and a model of random weights for it.
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cacheFolder } from './cache.mjs';
import { installPython, requirementsFile } from './python.mjs';
import { runQuietly } from './run-quietly.mjs';

/** No TLS and no web page: neither is asked for, and the page would be downloaded. */
const OFF = [
  'LLAMA_OPENSSL',
  'LLAMA_BUILD_UI',
  'LLAMA_USE_PREBUILT_UI',
  'LLAMA_BUILD_TESTS',
  'LLAMA_BUILD_EXAMPLES',
];

/**
 * Compiles llama-server where it is not there yet: some ten minutes on two cores.
 *
 * @returns {Promise<{server: string, model: string}>} their paths.
 */
export async function installLlamaServer(say) {
  const tool = await installPython('llama-tools', say);
  const wanted = await readFile(requirementsFile('llama-server'), 'utf8');
  const folder = await cacheFolder('llama-server');
  const server = path.join(folder, 'llama-server');
  const stamp = path.join(folder, 'built.txt');
  if (!existsSync(stamp) || (await readFile(stamp, 'utf8')) !== wanted) {
    await compile(folder, server, { tool, say });
    await writeFile(stamp, wanted);
  }
  return { server, model: await makeModel(folder, tool) };
}

async function compile(folder, server, { tool, say }) {
  const work = path.join(folder, 'work');
  // What an interrupted build had compiled is kept: its objects are most of the time.
  const source = (await findSource(work)) ?? (await unpack(work, say));
  const build = path.join(work, 'build');
  say('compiling llama-server (some ten minutes)');
  await runQuietly(tool('cmake'), [
    '-S',
    source,
    '-B',
    build,
    '-G',
    'Ninja',
    `-DCMAKE_MAKE_PROGRAM=${tool('ninja')}`,
    '-DCMAKE_BUILD_TYPE=Release',
    '-DBUILD_SHARED_LIBS=OFF',
    ...OFF.map((option) => `-D${option}=OFF`),
  ]);
  await runQuietly(tool('cmake'), ['--build', build, '--target', 'llama-server']);
  await rename(path.join(build, 'bin/llama-server'), server);
  await rm(work, { recursive: true });
}

async function unpack(work, say) {
  say('fetching the source of llama.cpp (77 MB)');
  const file = requirementsFile('llama-server');
  const download = ['-m', 'pip', 'download', '--disable-pip-version-check', '--no-deps', '--require-hashes'];
  await runQuietly('python3', [...download, '--no-binary', 'llama-cpp-python', '-r', file, '-d', work]);
  const [archive] = (await readdir(work)).filter((name) => name.endsWith('.tar.gz'));
  await runQuietly('tar', ['-xzf', path.join(work, archive), '-C', work]);
  return findSource(work);
}

async function findSource(work) {
  const names = existsSync(work) ? await readdir(work) : [];
  const unpacked = names.find((name) => existsSync(path.join(work, name, 'vendor/llama.cpp/CMakeLists.txt')));
  return unpacked === undefined ? null : path.join(work, unpacked, 'vendor/llama.cpp');
}

async function makeModel(folder, tool) {
  const script = path.join(import.meta.dirname, 'make-model.py');
  const model = path.join(folder, 'random.gguf');
  const stamp = path.join(folder, 'model.txt');
  const wanted = await readFile(script, 'utf8');
  if (!existsSync(stamp) || (await readFile(stamp, 'utf8')) !== wanted) {
    await runQuietly(tool('python'), [script, model]);
    await writeFile(stamp, wanted);
  }
  return model;
}
