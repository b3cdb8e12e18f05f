/** Kinds of requests that sessions and conversations of a trace are sent as. */
export const SESSION_KINDS = ['chat', 'messages', 'responses'] as const;
export type SessionKind = (typeof SESSION_KINDS)[number];

export function isSessionKind(kind: string | null): kind is SessionKind {
  return SESSION_KINDS.some((known) => known === kind);
}
