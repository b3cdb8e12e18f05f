/**
 * From the start of a schedule's k6 scenario to its time zero, ms. k6 starts all VUs at once, which takes 0.1 ms each;
 * what is due in that time would be late.
 */
export const SCHEDULE_LEAD_MS = 250;
