/** Every limit of the packet plane on one page, so that nothing grows without end. */

export const MOST_SESSIONS = 20_000;
export const MOST_LEGS = 20_000;
/** m-lines of one leg that carry media. */
export const MOST_MEDIA_PER_LEG = 16;
/** SSRCs that one m-line listens to; the one silent longest gives way. */
export const MOST_RECEIVED_STREAMS = 8;
/** Confirmed 5-tuples of one ICE agent; the one checked longest ago gives way. */
export const MOST_ICE_TUPLES = 16;
/** 5-tuples of one leg known for authenticated SRTP only, not by a check of their own. */
export const MOST_RECEIVE_ONLY_TUPLES = 4;
/** Remote candidates that the checker towards a lite peer tries. */
export const MOST_CHECKED_CANDIDATES = 8;
/** DTLS datagrams that one association takes from its peer in a second. */
export const MOST_DTLS_DATAGRAMS_PER_SECOND = 200;
/** Digits that wait to be sent on one m-line. */
export const MOST_QUEUED_DIGITS = 64;
/** Events that wait for a signalling process to acknowledge them; the oldest are given up. */
export const MOST_KEPT_EVENTS = 10_000;
/** Replies remembered, so that a repeated command id is answered as before. */
export const MOST_KEPT_REPLIES = 2_000;
/** One frame of the media contract, in octets. */
export const LARGEST_FRAME_BYTES = 16 * 1024 * 1024;
/** Signalling processes and supervisors that may be connected to one media process. */
export const MOST_CONTRACT_CONNECTIONS = 8;
/** Reasons for refused datagrams that one leg counts apart. */
export const MOST_REFUSAL_REASONS = 32;
