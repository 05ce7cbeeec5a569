/** The timer values of RFC 3261 table 4 and RFC 6026 §8. */
import type { Millis } from '../core/time.ts';

/** Estimate of the round-trip time. */
export const T1: Millis = 500;
/** The longest interval between retransmissions of non-INVITE requests and INVITE responses. */
export const T2: Millis = 4000;
/** How long a message stays in the network. */
export const T4: Millis = 5000;
/** Timers B, F, H, J, L and M: when a transaction or its peer is given up. */
export const TRANSACTION_TIMEOUT: Millis = 64 * T1;
/** Timer D on unreliable transports: above 32 s (RFC 3261 §17.1.1.2). */
export const TIMER_D: Millis = 32_001;
/** Timer C's lower bound, for INVITEs whose 1xx stop (RFC 3261 §16.6). */
export const TIMER_C: Millis = 181_000;
