import { projectVersion } from '../../project-root.ts';
import type { ToolRule } from './score.ts';

/** The rule of this project. */
export const OURS: ToolRule = {
  tool: 'k6-llm',
  version: projectVersion(),
  files: ['docs/methodology.md'],
};
