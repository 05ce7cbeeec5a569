/** The limits of SIP connections: counts, sizes and deadlines, in one place. */
import type { Millis } from '../../core/time.ts';

export const MAX_CONNECTIONS = 4000;
/** From one IPv4 address or IPv6 /64. */
export const MAX_CONNECTIONS_PER_SOURCE = 200;
/** A message that has begun must end in this time (slow loris). */
export const MESSAGE_DEADLINE: Millis = 10_000;
/** A new connection must say something in this time. */
export const FIRST_MESSAGE_DEADLINE: Millis = 30_000;
/** Nothing heard, not even a keep-alive (RFC 5626 §4.4.1 has pings every 95 to 120 s). */
export const IDLE_DEADLINE: Millis = 900_000;
export const CONNECT_DEADLINE: Millis = 4000;
/** A peer that does not read is cut off. */
export const MAX_UNSENT_BYTES = 1024 * 1024;
/** Messages that wait for a connection to be made. */
export const MAX_WAITING_MESSAGES = 100;
