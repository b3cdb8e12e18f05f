import type { ReadAnswer } from '../http-answer.ts';

/** Shorter values are no secrets (`EMPTY`, `none`), and to blot them out would garble messages. */
const SHORTEST_CHARS = 8;
/** So much of a secret's beginning, left at the end of a shortened text, is worth hiding. */
const SHORTEST_BEGINNING_CHARS = 4;

/** The texts to hide: values of headers, with and without their scheme, whatever else is given; longest first. */
export function secretsIn(values: readonly string[]): string[] {
  const texts = values.flatMap((value) => {
    const bare = value.replace(/^(bearer|basic)\s+/i, '');
    return [value, bare, encodeURIComponent(bare)];
  });
  const worthwhile = texts.filter((text) => text.length >= SHORTEST_CHARS);
  return [...new Set(worthwhile)].sort((a, b) => b.length - a.length);
}

/** What of an address is not for eyes: user, password, values of its query; Azure's `api-version` is. */
export function secretPartsOf(url: string): string[] {
  const user = /^\w+:\/\/([^/?#]*)@/.exec(url)?.[1]?.split(':') ?? [];
  const query = url.includes('?') ? url.slice(url.indexOf('?') + 1).split('&') : [];
  const values = query.filter((pair) => !pair.startsWith('api-version='));
  return [...user, ...values.map((pair) => pair.slice(pair.indexOf('=') + 1))];
}

/** A text with every secret blotted out, and the beginning of one that the text was shortened within. */
export function hideSecrets(text: string, secrets: readonly string[]): string {
  let hidden = text;
  for (const secret of secrets) hidden = hidden.split(secret).join('***');
  if (!hidden.endsWith('…')) return hidden;
  const kept = hidden.slice(0, -1);
  for (const secret of secrets) {
    for (let length = secret.length - 1; length >= SHORTEST_BEGINNING_CHARS; length--) {
      if (kept.endsWith(secret.slice(0, length))) return `${kept.slice(0, -length)}***…`;
    }
  }
  return hidden;
}

/** An answer whose words for people hold no secret: servers repeat the key that they refuse, in any shape. */
export function withoutSecrets<T extends ReadAnswer>(answer: T, secrets: readonly string[]): T {
  const { attempt } = answer;
  const { outcome } = attempt;
  if (secrets.length === 0 || (outcome.kind === 'ok' && attempt.warnings.length === 0)) return answer;
  const shown =
    outcome.kind !== 'failed' ? outcome : { ...outcome, message: hideSecrets(outcome.message, secrets) };
  const warnings = attempt.warnings.map(({ kind, text }) => ({ kind, text: hideSecrets(text, secrets) }));
  const bodyText = outcome.kind === 'ok' ? answer.bodyText : hideSecrets(answer.bodyText, secrets);
  return { ...answer, attempt: { ...attempt, outcome: shown, warnings }, bodyText };
}
