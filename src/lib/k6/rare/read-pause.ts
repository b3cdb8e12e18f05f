import { ConfigError } from '../../parse/config-error.ts';
import { durationMs } from '../../parse/values.ts';

const read = durationMs({ min: 0, max: 86_400_000, example: '1s-3s' });

/** Seconds of a pause as `user.pause` takes it, `2s` or `1s-3s`; of the latter, so far from its lower end as `unit`. */
export function pauseSec(span: string, unit: number): number {
  const [least = '', most = least, ...more] = span.split('-');
  const [fromMs, toMs] = [read(least, 'user.pause'), read(most, 'user.pause')];
  if (more.length === 0 && fromMs <= toMs) return (fromMs + (toMs - fromMs) * unit) / 1000;
  throw new ConfigError({
    setting: 'user.pause',
    got: span,
    expected: 'a duration, or two with the shorter first',
    example: "user.pause('1s-3s')",
  });
}
