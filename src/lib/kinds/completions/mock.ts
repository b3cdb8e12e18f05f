import { choicesOf, DONE_MARK, openAiError, openAiUsage, STOPPED } from '../chat/mock.ts';
import { answerText } from '../mock/answer-plan.ts';
import type { StreamSpec, StreamWriter } from '../mock/mock-format.ts';
import { type MockPart, textsOf, tokenTexts } from '../mock/mock-part.ts';

const FINISH = { stop: 'stop', length: 'length', tool: 'stop' } as const;

/** OpenAI's older completions (platform.openai.com/docs/api-reference/completions), as of 2026-11. */
export const MOCK: MockPart = {
  readAsked: ({ prompt }) => {
    const texts = textsOf(prompt) ?? tokenTexts(prompt);
    return texts === null
      ? { message: 'prompt: expected a text, a list of texts, or their tokens', param: 'prompt' }
      : texts.map((text) => ({ role: 'user', text, pictures: 0 }));
  },
  limitFields: ['max_tokens'],
  tellsUsageUnasked: false,
  takesChoices: 'to each text',
  takesTools: false,
  templateTokens: { each: 0, once: 1 },
  itemsOf: null,
  counting: null,
  format: {
    idPrefix: 'cmpl',
    toldAtOpen: () => null,
    toldAtEnd: (usage) => usage,
    streamWriter: createWriter,
    blockingBody: ({ identity, usage, plan }) => {
      const { outputTokens, finish } = plan;
      const choices = choicesOf(plan).map(
        (choice) =>
          `{"text":"${answerText(plan, 0, outputTokens, choice)}","index":${choice},"logprobs":null,` +
          `"finish_reason":"${FINISH[finish]}"}`,
      );
      return (
        `{"id":"${identity.id}","object":"text_completion","created":${identity.createdUnixSec},` +
        `"model":${identity.modelJson},"choices":[${choices.join(',')}]${openAiUsage(usage, plan.choices)}}`
      );
    },
    errorBody: openAiError,
  },
};

function createWriter({ identity, usage, eol, plan }: StreamSpec): StreamWriter {
  const end = eol + eol;
  const start =
    `data: {"id":"${identity.id}","object":"text_completion","created":${identity.createdUnixSec},` +
    `"model":${identity.modelJson},"choices":[`;
  const chunk = (choice: number, piece: string, finish = 'null'): string =>
    `${start}{"text":"${piece}","index":${choice},"logprobs":null,"finish_reason":${finish}}]}${end}`;
  return {
    open: () => '',
    text: (piece, choice) => chunk(choice, piece),
    // It knows neither reasoning nor tools: a plan of its answers holds none.
    reasoning: () => '',
    toolName: () => '',
    toolArguments: () => '',
    finish: (reason) =>
      choicesOf(plan)
        .map((choice) => chunk(choice, '', `"${FINISH[reason]}"`))
        .join('') + (usage === null ? '' : `${start}]${openAiUsage(usage)}}${end}`),
    done: () => DONE_MARK + end,
    error: () => `data: ${openAiError(STOPPED)}${end}`,
    malformed: () => `${start}{"text":"brok${end}`,
  };
}
