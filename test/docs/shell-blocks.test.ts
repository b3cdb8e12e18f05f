import { expect, test } from 'vitest';
import { shellBlocks } from './shell-blocks.ts';

const keysOf = (markdown: string): string[][] =>
  shellBlocks(markdown, 'p.md').map(({ commands }) => commands.map(({ key }) => key));

const fenced = (language: string, ...lines: string[]): string =>
  ['text', `\`\`\`${language}`, ...lines, '```', 'more'].join('\n');

test.each(['', 'sh', 'bash', 'shell', 'zsh', 'console'])('a block of %j is a shell’s', (language) => {
  expect(keysOf(fenced(language, 'ls'))).toEqual([['ls']]);
});

test('blocks of other languages are not', () => {
  expect(keysOf(fenced('yaml', 'ls'))).toEqual([]);
  expect(keysOf(`${fenced('json', '{}')}\n${fenced('sh', 'ls')}`)).toEqual([['ls']]);
});

test('comments are no part of a command, and a # within a word is none', () => {
  expect(keysOf(fenced('sh', 'ls a#b   # lists', '# only this', '', 'pwd'))).toEqual([['ls a#b', 'pwd']]);
});

test('a backslash goes on in the next line; the text stays as it stands', () => {
  const [block] = shellBlocks(fenced('sh', 'k6 run \\', '  x.js   # it'), 'p.md');
  expect(block?.commands).toEqual([{ text: 'k6 run \\\n  x.js   # it', key: 'k6 run x.js' }]);
  expect(block?.line).toBe(2);
});

test('of a console only what was typed is run', () => {
  expect(keysOf(fenced('console', '$ ls', 'README.md', '$ pwd'))).toEqual([['ls', 'pwd']]);
});

test('a block within a list counts too', () => {
  expect(keysOf('- so:\n\n  ```sh\n  ls\n  ```\n')).toEqual([['ls']]);
});
