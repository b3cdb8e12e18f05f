import { connect, type Socket } from 'node:net';
import { readPriceFile } from '../../src/lib/money/price-file.ts';
import { createPricing } from '../../src/lib/money/pricing.ts';
import type { MeterOptions } from '../../src/tools/meter/meter-options.ts';
import type { Meter } from '../../src/tools/meter/start-meter.ts';
import { type Asked, askMeter, type MeterRequest, startBareMeter } from '../support/bare-meter.ts';
import { openScriptedServer, type ScriptedServer } from '../support/servers/scripted-server.ts';
import { chunk, delta, STREAM_HEAD, TAIL } from '../support/stream-text.ts';

/** A server that does to each request what its body asks for, by the number in `"attack":N`. */
export function openHostileServer(
  misbehave: (socket: Socket, attack: number, request: string) => void,
): Promise<ScriptedServer> {
  return openScriptedServer((socket, whole) =>
    misbehave(socket, Number(/"attack":(\d+)/.exec(whole)?.[1] ?? -1), whole),
  );
}

export function openMeter(url: string, change: Partial<MeterOptions> = {}): Promise<Meter> {
  return startBareMeter(url, { timeoutMs: 10_000, ...change });
}

/** A dollar a million input tokens, ten a million output tokens. */
export function budgetOf(limitUsd: number): MeterOptions['budget'] {
  const prices = readPriceFile({ models: { m: { input: 1, output: 10 } } }, 'attack');
  return { limitUsd, pricing: createPricing({ builtIn: prices, provider: 'attack' }) };
}

export type Figures = {
  inFlight: number;
  heldBytes: number;
  memoryBytes: number;
  connections: { fromK6: number; open: number; idle: number };
  budget: { spentUsd: number; reservedUsd: number } | null;
};

export function figuresOf(meter: Meter): Figures {
  return meter.figures() as Figures;
}

/** One chat request through a meter. */
export function ask(meter: Meter, { body = {}, ...options }: Partial<MeterRequest> = {}): Promise<Asked> {
  return askMeter(meter, {
    body: { model: 'm', stream: true, max_tokens: 8, messages: [], ...body },
    ...options,
  });
}

/** Bytes to a port, and all that comes back until the connection ends or `waitMs` are over. */
export function sendRaw(port: number, bytes: string | Buffer, waitMs = 5000): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write(bytes));
    const timer = setTimeout(() => socket.destroy(), waitMs);
    socket.on('data', (data) => (text += data.toString('latin1')));
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(text);
    });
  });
}

/** A whole streamed answer. */
export const GOOD = `${STREAM_HEAD}${chunk(delta('Hi') + TAIL)}0\r\n\r\n`;
