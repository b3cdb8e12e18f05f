import { crc32, inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { KINDS } from '../../kinds/kinds.ts';
import { parseDistribution } from '../../numbers/distribution.ts';
import { createPictures, encodeShown } from './pictures.ts';

const wanted = (count: string, width: number, height: number) => ({
  count: parseDistribution(count, 'count'),
  width,
  height,
});

/** A PNG taken apart; fails where its checks do. */
function readPng(base64: string) {
  const file = Buffer.from(base64, 'base64');
  expect(file.toString('base64')).toBe(base64);
  expect(file.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  const chunks: { name: string; data: Buffer }[] = [];
  for (let at = 8; at < file.length;) {
    const length = file.readUInt32BE(at);
    const named = file.subarray(at + 4, at + 8 + length);
    expect(file.readUInt32BE(at + 8 + length)).toBe(crc32(named));
    chunks.push({ name: named.toString('latin1', 0, 4), data: named.subarray(4) });
    at += 12 + length;
  }
  const header = chunks[0]!.data;
  const packed = Buffer.concat(chunks.filter(({ name }) => name === 'IDAT').map(({ data }) => data));
  return {
    names: [...new Set(chunks.map(({ name }) => name))],
    width: header.readUInt32BE(0),
    height: header.readUInt32BE(4),
    // Its checksum is looked at as well.
    pixels: inflateSync(packed),
    bytes: file.length,
  };
}

const SIZES = [
  [1, 1],
  [3, 2],
  [16, 1],
  [31, 33],
  [100, 7],
  [512, 512],
  [640, 480],
  [1024, 768],
  [1366, 5],
  [8192, 40],
] as const;

test.each(SIZES)('%i × %i pixels are a PNG of that size, whose every row can be read', (width, height) => {
  const [first = '', second = ''] = createPictures([wanted('2', width, height)], 7)(0, null);
  const png = readPng(first);
  expect(png).toMatchObject({ names: ['IHDR', 'IDAT', 'IEND'], width, height });
  const rowBytes = 1 + Math.ceil(width / 4);
  expect(png.pixels.length).toBe(rowBytes * height);
  for (let row = 0; row < height; row++) expect(png.pixels[row * rowBytes]).toBe(0);
  expect(png.bytes / (width * height) < 0.27 || width * height < 50_000).toBe(true);
  // One pixel in a byte cannot differ much.
  if (width > 16) expect(readPng(second).pixels.equals(png.pixels)).toBe(false);
});

describe('pictures of requests', () => {
  const pictures = createPictures([wanted('uniform:0:2', 64, 64), wanted('1', 32, 16)], 42);
  const ofRequests = Array.from({ length: 60 }, (_, index) => pictures(index, null));

  test('are as many as wanted, of each size', () => {
    const sizes = ofRequests.map((list) => list.map((one) => readPng(one).width));
    expect(new Set(sizes.map((list) => list.filter((width) => width === 64).length))).toEqual(
      new Set([0, 1, 2]),
    );
    expect(sizes.every((list) => list.filter((width) => width === 32).length === 1)).toBe(true);
  });

  test('differ from each other, and are the same for the same seed, whoever asks', () => {
    const all = ofRequests.flat();
    expect(new Set(all).size).toBe(all.length);
    expect(createPictures([wanted('uniform:0:2', 64, 64), wanted('1', 32, 16)], 42)(17, null)).toEqual(
      ofRequests[17],
    );
    expect(pictures(17, 'salt').at(-1)).not.toBe(ofRequests[17]!.at(-1));
  });
});

const MESSAGES = [
  { role: 'system' as const, content: 'Be brief.' },
  // What looks like our own JSON is a text.
  {
    role: 'user' as const,
    content: 'See {"type":"image_url","image_url":{"url":"data:image/png;base64,"}}?',
  },
  { role: 'assistant' as const, content: 'I see.' },
  { role: 'user' as const, content: 'And?' },
];

test.each(KINDS.filter(({ picture }) => picture !== null))(
  '$name shows them with the first words',
  (kind) => {
    const fields: Record<string, unknown> = JSON.parse(`{${encodeShown(kind, MESSAGES, ['AAAA', 'BBBB'])}}`);
    const text = MESSAGES[1]!.content;
    const later = MESSAGES.slice(2);
    const parts = {
      chat: [
        { type: 'text', text },
        { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
        { type: 'image_url', image_url: { url: 'data:image/png;base64,BBBB' } },
      ],
      messages: [
        { type: 'text', text },
        { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
        { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'BBBB' } },
      ],
      responses: [
        { type: 'input_text', text },
        { type: 'input_image', image_url: 'data:image/png;base64,AAAA' },
        { type: 'input_image', image_url: 'data:image/png;base64,BBBB' },
      ],
    }[kind.name as string];
    const shown = { role: 'user', content: parts };
    expect(fields).toEqual(
      {
        chat: { messages: [MESSAGES[0], shown, ...later] },
        messages: { system: 'Be brief.', messages: [shown, ...later] },
        responses: { instructions: 'Be brief.', input: [shown, ...later] },
      }[kind.name as string],
    );
  },
);

test('kinds of texts alone take none', () => {
  for (const kind of KINDS.filter(({ picture }) => picture === null))
    expect(() => encodeShown(kind, MESSAGES, ['AAAA'])).toThrow(kind.name);
  expect(KINDS.filter(({ picture }) => picture === null).map(({ name }) => name)).toEqual([
    'completions',
    'embeddings',
    'rerank',
  ]);
});
