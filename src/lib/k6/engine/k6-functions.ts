import { check as importedCheck, sleep as importedSleep } from 'k6';

/*
 * k6's own functions, each in a constant: its engine makes an imported one anew each time that its name is read, which
 * takes 2 µs and leaves 775 bytes behind (docs/decisions/0080-performance.md).
 */

export const check = importedCheck;
export const sleep = importedSleep;
