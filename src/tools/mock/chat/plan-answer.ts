import { sampleDistribution, sampleInteger } from '../../../lib/numbers/distribution.ts';
import type { Random } from '../../../lib/numbers/random.ts';
import type { MockAsk } from './mock-ask.ts';
import type { MockPart } from '../../../lib/kinds/mock/mock-part.ts';
import { aroundWords, jsonFrame } from './json-frame.ts';
import { toolSchema } from './wanted-tool.ts';
import type { FaultSet } from '../faults/faults.ts';
import type { ModelTiming } from './models.ts';
import { WORD_COUNT } from '../../../lib/kinds/mock/words.ts';
import type { AnswerPlan } from '../../../lib/kinds/mock/answer-plan.ts';

/** No answer is longer, so that no request can take the memory. */
export const MAX_OUTPUT_TOKENS = 131_072;

const NO_INPUT = aroundWords(null);
const DEFAULT_TOOL = 'look_up';
const DEFAULT_REASONING_PERCENT = 50;

/**
 * Draws the plan of one answer. The length is the model's, raised to `min_tokens`, or all that is allowed with
 * `ignore_eos`; and never above the limit asked for.
 */
export function planAnswer(input: {
  timing: ModelTiming;
  request: MockAsk;
  faults: FaultSet;
  random: Random;
  part: Pick<MockPart, 'takesTools'>;
}): AnswerPlan {
  const { timing, request, faults, random, part } = input;
  const ttftMs = sampleDistribution(timing.ttftMs, random);
  const tpotMs = sampleDistribution(timing.tpotMs, random);
  const wanted = Math.max(sampleInteger(timing.outputTokens, random, 1), request.minTokens);
  const wordOffset = Math.floor(random.next() * WORD_COUNT);
  const limit = Math.min(request.maxTokens ?? MAX_OUTPUT_TOKENS, MAX_OUTPUT_TOKENS);
  const endless = request.ignoreEos && request.maxTokens !== null;
  const isEmpty = faults.has('empty') || request.items !== null;
  const outputTokens = isEmpty ? 0 : endless ? limit : Math.min(wanted, limit);
  const tool = request.forcedTool ?? (part.takesTools && faults.has('tool_calls') ? DEFAULT_TOOL : null);
  const cutByLimit = endless || wanted > limit;
  return {
    ttftMs,
    tpotMs,
    outputTokens,
    reasoningTokens: part.takesTools ? reasoningTokensOf(outputTokens, request, faults) : 0,
    choices: request.choices,
    json: part.takesTools ? jsonFrame(request.field) : null,
    finish: tool !== null ? 'tool' : cutByLimit && outputTokens > 0 ? 'length' : 'stop',
    tool,
    isOldCall: request.forcedTool !== null && request.field('tool_choice') === undefined,
    toolInput: tool === null ? NO_INPUT : aroundWords(toolSchema(toolsIn(request), tool)),
    mark: request.mark,
    wordOffset,
  };
}

function toolsIn({ field }: MockAsk): unknown {
  return field('tools') ?? field('functions');
}

/** At least one token is left for the answer. */
function reasoningTokensOf(outputTokens: number, request: MockAsk, faults: FaultSet): number {
  const asked = faults.get('reasoning_first') ?? (request.wantsReasoning ? DEFAULT_REASONING_PERCENT : 0);
  return Math.max(0, Math.min(Math.round((outputTokens * asked) / 100), outputTokens - 1));
}
