// How far the token estimate (src/lib/prompts/estimate-tokens.ts) is from real tokenizers, and whether the words of synthetic
// prompts are one token each. Needs packages that the project itself does not:
//   npm install --no-save gpt-tokenizer llama3-tokenizer-js llama-tokenizer-js @anthropic-ai/tokenizer
//   node bench/workload/tokens.mjs
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { countTokens } from '@anthropic-ai/tokenizer';
import { build } from 'esbuild';
import * as cl100k from 'gpt-tokenizer/encoding/cl100k_base';
import * as o200k from 'gpt-tokenizer/encoding/o200k_base';
import llama2 from 'llama-tokenizer-js';
import llama3 from 'llama3-tokenizer-js';

const root = path.join(import.meta.dirname, '..', '..');
const TOKENIZERS = {
  o200k: (text) => o200k.encode(text).length,
  cl100k: (text) => cl100k.encode(text).length,
  llama3: (text) => llama3.encode(text, { bos: false, eos: false }).length,
  llama2: (text) => llama2.encode(text, false, false).length,
  claude: (text) => countTokens(text),
};

const prompts = JSON.parse(await readFile(path.join(root, 'data/prompts.json'), 'utf8'));
const TEXTS = {
  English: Object.values(prompts.classes).flat().join('\n'),
  code: await readFile(path.join(root, 'src/lib/numbers/random.ts'), 'utf8'),
  JSON: await readFile(path.join(root, 'test/fixtures/datasets/sharegpt-odd-rows.json'), 'utf8'),
  German:
    'Der Zug zum Flughafen fährt um halb sieben ab. Wer zu spät kommt, muss den Bus nehmen, der allerdings nur alle zwanzig Minuten verkehrt und für die Strecke fast eine Stunde braucht.',
  French:
    "Le train pour l'aéroport part à six heures et demie. Ceux qui arrivent en retard doivent prendre le bus, qui ne passe que toutes les vingt minutes.",
  Russian:
    'Поезд в аэропорт отправляется в половине седьмого. Кто опоздает, должен ехать на автобусе, который ходит только раз в двадцать минут.',
  Arabic:
    'يغادر القطار إلى المطار في الساعة السادسة والنصف. من يتأخر عليه أن يستقل الحافلة التي تمر كل عشرين دقيقة.',
  Hindi: 'हवाई अड्डे के लिए ट्रेन साढ़े छह बजे निकलती है। जो देर से आता है उसे बस लेनी होगी।',
  Chinese: '去机场的火车六点半出发。迟到的人只能坐公共汽车，公共汽车每二十分钟一班，路上差不多要一个小时。',
  Japanese: '空港行きの電車は六時半に出発します。遅れた人はバスに乗らなければなりません。',
  Korean: '공항으로 가는 기차는 여섯 시 반에 출발합니다. 늦은 사람은 버스를 타야 합니다.',
};

function print(label, cells) {
  console.log(`| ${label} | ${cells.join(' | ')} |`);
}

const directory = await mkdtemp(path.join(tmpdir(), 'k6-llm-bench-'));
try {
  await build({
    stdin: {
      contents: `export { estimateTokens } from './src/lib/prompts/estimate-tokens.ts'; export { createSyntheticTexts } from './src/lib/prompts/synthetic-texts.ts';`,
      resolveDir: root,
    },
    outfile: path.join(directory, 'lib.mjs'),
    bundle: true,
    format: 'esm',
    logLevel: 'error',
  });
  const { estimateTokens, createSyntheticTexts } = await import(path.join(directory, 'lib.mjs'));
  const names = Object.keys(TOKENIZERS);

  console.log('\nestimate / real\n');
  print('text', names);
  for (const [label, text] of Object.entries(TEXTS)) {
    print(
      label,
      names.map((name) => (estimateTokens(text) / TOKENIZERS[name](text)).toFixed(2)),
    );
  }

  console.log('\nreal / wanted tokens of 200 synthetic prompts\n');
  const texts = createSyntheticTexts(42);
  print('wanted', names);
  for (const wanted of [20, 200, 2000]) {
    const sums = names.map((name) => {
      let sum = 0;
      for (let i = 0; i < 200; i++) sum += TOKENIZERS[name](texts.text({ requestIndex: i, turn: 1 }, wanted));
      return (sum / (200 * wanted)).toFixed(4);
    });
    print(wanted, sums);
  }
} finally {
  await rm(directory, { recursive: true });
}
