import { mixed } from '../../../data/prompts.json';
import type { Task } from './tasks.ts';

/** What users of `mixed` do: chat, ask for a short answer, watch a count being streamed. */
export const MIXED_TASKS: readonly Task[] = [
  {
    name: 'chat',
    weight: 3,
    model: 'gpt-4.1',
    maxTokens: 500,
    temperature: 0.7,
    stream: false,
    prompts: mixed.chat,
  },
  {
    name: 'short answer',
    weight: 2,
    model: 'deepseek-v3.2',
    maxTokens: 100,
    temperature: 0.1,
    stream: false,
    prompts: mixed.shortAnswer,
  },
  {
    name: 'count',
    weight: 1,
    model: 'gpt-4.1',
    maxTokens: 50,
    temperature: 0.7,
    stream: true,
    prompts: mixed.count,
  },
];
