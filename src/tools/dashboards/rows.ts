import type { BoardRow } from './board.ts';
import { ERRORS } from './rows-errors.ts';
import { KINDS_ROW } from './rows-kinds.ts';
import { LOAD } from './rows-load.ts';
import { MONEY } from './rows-money.ts';
import { SPEED } from './rows-speed.ts';
import { SERVER, TRUST } from './rows-trust.ts';
import { VERDICT } from './rows-verdict.ts';

/** Both boards, from top to bottom: the verdict first, the doubts last. */
export const ROWS: readonly BoardRow[] = [VERDICT, SPEED, LOAD, ERRORS, MONEY, KINDS_ROW, SERVER, TRUST];
