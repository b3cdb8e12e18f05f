// The k6 that runs our bundles, and one with k6/x/sse where the person has one.
import { importTs } from '../../scripts/import-ts.mjs';

/** @returns {Promise<{k6: object, sse: object | null}>} */
export async function findK6s(say) {
  const { findK6 } = await importTs('src/tools/k6/find-k6.ts');
  const k6 = await findK6(say);
  const chosen = process.env['K6_SSE_BIN'] ?? '';
  const other = chosen === '' ? k6 : await findK6(say, { ...process.env, K6_BIN: chosen });
  if (chosen !== '' && !other.hasSse) {
    throw new Error(`K6_SSE_BIN: got "${chosen}", which has no k6/x/sse; expected a k6 built with xk6-sse`);
  }
  return { k6, sse: other.hasSse ? other : null };
}
