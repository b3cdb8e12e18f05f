import type { AnswerForm } from './answer-form.ts';
import { CHAT_ANSWER } from './chat/chat-answer.ts';
import { MESSAGES_ANSWER } from './messages/messages-answer.ts';
import { RESPONSES_ANSWER } from './responses/responses-answer.ts';

/**
 * Every form of text that is known by its looks, the pickiest first: the last one takes whatever is left. A kind whose answers
 * nobody else gives needs none: it reads them itself (`Kind.read`).
 */
export const ANSWER_FORMS: readonly AnswerForm[] = [RESPONSES_ANSWER, MESSAGES_ANSWER, CHAT_ANSWER];
