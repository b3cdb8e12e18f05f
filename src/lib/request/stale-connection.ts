/**
 * A kept-alive connection that dies this soon after the request, ms, was dead before it: the news takes one round
 * trip, and longer where a machine is busy. What breaks later (a gateway's idle time-out, say) broke while the
 * server worked on the request, which is the server's failure and must be seen.
 */
export const STALE_WITHIN_MS = 1000;
