/** Every limit on what a stranger's SIP message may hold, in one place. */

/** Start line and headers. The largest legitimate ones carry an Identity and many Vias. */
export const MAX_HEAD_BYTES = 32_768;
/** WebRTC offers with many candidates stay below 20 kB. */
export const MAX_BODY_BYTES = 131_072;
export const MAX_HEADERS = 200;
export const MAX_PARAMETERS = 64;
/** Values in one comma-separated list: Via, Route, Contact. */
export const MAX_LIST_VALUES = 100;
/** RFC 3261 §8.1.1.5. */
export const MAX_CSEQ = 2 ** 31 - 1;
/** RFC 3261 §20.19 asks for clamping Expires here, not for refusing. */
export const MAX_DELTA_SECONDS = 2 ** 32 - 1;
