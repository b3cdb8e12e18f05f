/** One message of what is asked. */
export type Message = { role: 'system' | 'user' | 'assistant'; content: string };
