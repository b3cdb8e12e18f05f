/*
 * `k6-llm/k6`: what a scenario is written with, in a script that k6 runs. Our own scenarios have nothing else.
 */
export { defineComparison } from '../lib/k6/define-comparison.ts';
export { defineScenario, type K6Scenario } from '../lib/k6/define-scenario.ts';
export type { ScenarioDefinition, ScenarioThresholds } from '../lib/k6/scenario-definition.ts';
export type {
  Behaviour,
  Chat,
  ChatOptions,
  ChatQuestion,
  FailedReply,
  GoodReply,
  Question,
  QuestionMessage,
  Reply,
  TaskQuestion,
  User,
} from '../lib/k6/scenario-user.ts';
export {
  type ClosedShape,
  iterations,
  type IterationsShape,
  type LoadShape,
  type OpenShape,
  rate,
  type RateShape,
  type StageShape,
  steps,
  trace,
  users,
} from '../lib/load/load-builders.ts';
export {
  abLoad,
  baselineLoad,
  breakpointLoad,
  mixedLoad,
  smokeLoad,
  soakLoad,
  spikeLoad,
  stressLoad,
} from '../lib/load/scenario-loads.ts';
export { MIXED_TASKS } from '../lib/prompts/mixed-tasks.ts';
export type { Task } from '../lib/prompts/tasks.ts';
export type { Message } from '../lib/request/message.ts';
export type { Tool } from '../lib/request/tool.ts';
export type { ToolCall } from '../lib/answer/tool-calls.ts';
export type { ErrorKind, Usage } from '../lib/answer/attempt.ts';
export type { RequestFigures } from '../lib/figures/request-figures.ts';
