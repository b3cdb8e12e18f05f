import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { MeterOptions } from '../../src/tools/meter/meter-options.ts';
import type { Meter } from '../../src/tools/meter/start-meter.ts';
import { type Asked, askMeter, type MeterRequest, startBareMeter } from './bare-meter.ts';
import { type Certificate, openScriptedServer, type ScriptedServer } from './servers/scripted-server.ts';

/** A meter in this process, closed after the test that calls it. */
export async function openMeter(baseUrl: string, change: Partial<MeterOptions> = {}): Promise<Meter> {
  const meter = await startBareMeter(baseUrl, change);
  onTestFinished(async () => void (await meter.close()));
  return meter;
}

/** A new self-signed certificate for 127.0.0.1; null where there is no openssl. */
export function makeCertificate(): Certificate | null {
  const folder = mkdtempSync(path.join(tmpdir(), 'certificate-'));
  const [key, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
  const args = 'req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test -addext subjectAltName=IP:127.0.0.1';
  try {
    execFileSync('openssl', [...args.split(' '), '-keyout', key, '-out', cert], { stdio: 'ignore' });
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } catch {
    return null;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A server that answers each request with the next script, and keeps what it saw; closed after the test. */
export async function openUpstream(
  script: (socket: Socket, count: number, request: string) => void,
  certificate: Certificate | null = null,
): Promise<ScriptedServer & { seen: string[] }> {
  const seen: string[] = [];
  const server = await openScriptedServer((socket, request, count) => {
    seen.push(request);
    script(socket, count, request);
  }, certificate);
  onTestFinished(() => void server.close());
  return { ...server, seen };
}

/** One request to it; by default a small streamed chat. */
export function ask(
  meter: Meter,
  {
    body = { model: 'm', stream: true, messages: [{ role: 'user', content: 'Hi' }], max_tokens: 8 },
    ...options
  }: Partial<MeterRequest> = {},
): Promise<Asked> {
  return askMeter(meter, { body, ...options });
}
