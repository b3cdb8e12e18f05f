import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { PROJECT_ROOT } from '../../src/tools/project-root.ts';
import { openMeter } from '../support/meter.ts';
import { openMock } from '../support/mock.ts';
import { openRedirectingServer } from '../support/servers/redirecting-server.ts';
import { runBundle } from '../support/bundle-run.ts';

const STOPPED = 108;
const BREACHED = 99;
const onlyPosts = (method: string): boolean => method === 'POST';

const SETTINGS = {
  LLM_PROVIDER: 'anthropic',
  LLM_API_KEY: 'sk-s3cret-0123456789',
  LLM_EXTRA_HEADERS: '{"x-team":"s3cret-team"}',
  LLM_MIX: 'm',
  LLM_TIMEOUT: '5s',
};

test.each([301, 307, 308])('a target that answers %i is no target: nothing follows', async (status) => {
  const server = await openRedirectingServer(status);
  const { code, output } = await runBundle('smoke', { ...SETTINGS, LLM_BASE_URL: server.url });
  expect(code).toBe(STOPPED);
  expect(output).toContain(`status ${status}: redirects to ${server.otherUrl}/v1/models, and redirects`);
  expect(output).toContain('set LLM_BASE_URL');
  expect(server.followed).toEqual([]);
});

test.each(['http', 'meter'])(
  'a redirect of the chat request tells one story over %s, before the load and in it',
  async (transport) => {
    const server = await openRedirectingServer(307, onlyPosts);
    const meter = await openMeter(server.url);
    const env = {
      ...SETTINGS,
      LLM_BASE_URL: server.url,
      LLM_TRANSPORT: transport,
      LLM_METER_URL: transport === 'meter' ? meter.url : '',
    };
    const asked = await runBundle('smoke', env);
    const said = `status 307: redirects to ${server.otherUrl}/v1/messages, and redirects are not followed; set LLM_BASE_URL`;
    expect(asked.code).toBe(STOPPED);
    expect(asked.output).toContain(said);
    expect(asked.output).not.toContain('LLM_MAX_TOKENS');
    const loaded = await runBundle('smoke', { ...env, LLM_PREFLIGHT: '0' });
    expect(loaded.code).toBe(BREACHED);
    expect(loaded.output).toContain(said);
    expect(loaded.summary?.totals).toMatchObject({ succeeded: 0, errors: { bad_request: 5 } });
    expect(server.followed).toEqual([]);
  },
);

test('the metrics page is not followed either, and that is told once', async () => {
  const server = await openRedirectingServer(307);
  const mock = await openMock();
  const { code, output } = await runBundle('baseline', {
    LLM_BASE_URL: mock.url,
    LLM_MIX: 'm',
    LLM_PREFLIGHT: '0',
    LLM_TIME_SCALE: '0.01',
    LLM_VUS: '1',
    LLM_METRICS_URL: server.url,
  });
  expect(code).toBe(0);
  expect(output.match(/the metrics page was not read, status 307: redirects to/g)).toHaveLength(1);
  expect(server.followed).toEqual([]);
});

test('every request that the library sends through k6 says that it follows none', () => {
  const folder = path.join(PROJECT_ROOT, 'src/lib/k6');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const sending = files.flatMap((file) => {
    const code = readFileSync(path.join(folder, file), 'utf8');
    // Two calls with the same words have the same parameters.
    const calls = new Set(
      code.match(/\bhttp\.(get|post|put|patch|del|head|options|request|asyncRequest|batch)\(.*/g),
    ).size;
    const following = calls - (code.match(/\bredirects: 0\b/g)?.length ?? 0);
    return calls === 0 ? [] : [{ file, following }];
  });
  expect(sending.length).toBeGreaterThanOrEqual(4);
  expect(sending.filter(({ following }) => following > 0)).toEqual([]);
});
